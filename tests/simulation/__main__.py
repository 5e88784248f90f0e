"""Replays one history and prints its trace: `python -m tests.simulation --seed N`."""

import argparse
import sys
from typing import get_args

from tests.simulation.history import run
from tests.simulation.world import Mechanism

parser = argparse.ArgumentParser(description=__doc__)
parser.add_argument("--seed", type=int, required=True)
parser.add_argument("--without", choices=get_args(Mechanism), help="a safeguard to switch off")
parser.add_argument("--crash-at", type=int, help="no fault but the death of a process at this await")
asked = parser.parse_args()
result = run(asked.seed, asked.without, asked.crash_at, tracing=True)
sys.stdout.write("\n".join((*result.trace, f"{result.gates} awaits, {len(result.faults)} faults", *result.faults, "")))
sys.exit(bool(result.faults))

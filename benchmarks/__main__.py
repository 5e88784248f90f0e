"""`python -m benchmarks [--json FILE] [--quick] [section …]`: runs the sections and prints what they measured."""

import argparse
import json
import signal
from collections.abc import Callable, Mapping
from pathlib import Path
from types import FrameType

from benchmarks import hop, journeys
from benchmarks.sizes import QUICK, Sizes
from benchmarks.system import System

SECTIONS: Mapping[str, Callable[[System, Sizes], dict[str, float]]] = {
    "journeys": journeys.measure,
    "hop": hop.measure,
}
AIMS = {"journey_vs_naive": 4.0, "hop_vs_raw": 0.7}


def _interrupted(number: int, frame: FrameType | None) -> None:
    # A second signal must not cut short the clearing away that the first one began.
    for again in (signal.SIGINT, signal.SIGTERM):
        signal.signal(again, signal.SIG_IGN)
    raise SystemExit(128 + number)


def main() -> None:
    parser = argparse.ArgumentParser(prog="benchmarks")
    parser.add_argument("sections", nargs="*", metavar="section", help=f"of {', '.join(SECTIONS)}; all without any")
    parser.add_argument("--json", type=Path, help="also write the figures to this file")
    parser.add_argument("--quick", action="store_true", help="tiny sizes: shows that it works, measures nothing")
    given = parser.parse_args()
    if unknown := set(given.sections) - set(SECTIONS):
        parser.error(f"no such section: {', '.join(sorted(unknown))}")
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, _interrupted)
    figures: dict[str, float] = {}
    for name in given.sections or SECTIONS:
        with System() as system:
            figures |= SECTIONS[name](system, QUICK if given.quick else Sizes())
    for key, value in figures.items():
        print(f"{key:32} {value:12.2f}" + (f"   aim {AIMS[key]:g}" if key in AIMS else ""))
    if given.json:
        given.json.write_text(json.dumps(figures, indent=2) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()

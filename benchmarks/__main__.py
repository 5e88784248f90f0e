"""`python -m benchmarks [--json FILE] [--quick] [section …]`: runs the sections and prints what they measured."""

import argparse
import json
import os
import signal
import sys
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from types import FrameType

from benchmarks import growth, hop, intake, journeys, pages, rebuild, scale, urgent
from benchmarks.progress import say
from benchmarks.sizes import QUICK, Sizes
from benchmarks.system import System
from deploy.local.process import NotStarted

SECTIONS: Mapping[str, Callable[[System, Sizes], dict[str, float]]] = {
    "journeys": journeys.measure,
    "hop": hop.measure,
    "intake": intake.measure,
    "urgent": urgent.measure,
    "growth": growth.measure,
    "scale": scale.measure,
    "rebuild": rebuild.measure,
    "pages": pages.measure,
}
AIMS = {
    "journey_vs_naive": "at least 4",
    "privacy_cost": "at most 0.15",
    "hop_vs_raw": "at least 0.7",
    "intake_p99_ms": "at most 150",
    "urgent_p99_vs_idle": "at most 3",
    "rate_300k_vs_1k": "at least 0.9",
    "pages_p95_ms": "at most 150",
    "page_kb_max": "at most 200",
}


def _ended(number: int, frame: FrameType | None) -> None:
    # As Ctrl-C, which asyncio knows how to end its loop with.
    os.kill(os.getpid(), signal.SIGINT)


def _measured(name: str, sizes: Sizes) -> dict[str, float] | None:
    """What a section measured; None where it broke off, which does not keep the others from being measured."""
    say(f"{name} begins")
    try:
        with System() as system:
            return SECTIONS[name](system, sizes)
    except NotStarted as error:
        raise SystemExit(f"The bench needs what is not here: {error}") from None
    except Exception as error:
        print(f"{name} broke off: {type(error).__name__}: {error}", file=sys.stderr, flush=True)
        return None


def main() -> None:
    parser = argparse.ArgumentParser(prog="benchmarks")
    parser.add_argument("sections", nargs="*", metavar="section", help=f"of {', '.join(SECTIONS)}; all without any")
    parser.add_argument("--json", type=Path, help="also write the figures to this file")
    parser.add_argument("--quick", action="store_true", help="tiny sizes: shows that it works, measures nothing")
    given = parser.parse_args()
    if unknown := set(given.sections) - set(SECTIONS):
        parser.error(f"no such section: {', '.join(sorted(unknown))}")
    if given.json and not given.json.absolute().parent.is_dir():
        parser.error(f"there is no folder for {given.json}")
    signal.signal(signal.SIGTERM, _ended)
    try:
        _run(given.sections or list(SECTIONS), QUICK if given.quick else Sizes(), given.json)
    except KeyboardInterrupt:
        print("interrupted: what was started is ended, and its data is gone", file=sys.stderr)
        raise SystemExit(128 + signal.SIGINT) from None


def _run(sections: Sequence[str], sizes: Sizes, file: Path | None) -> None:
    figures = {"load_before": os.getloadavg()[0], "cores": float(os.cpu_count() or 1)}
    broken = []
    for name in sections:
        found = _measured(name, sizes)
        figures |= found or {}
        broken += [name] if found is None else []
    for key, value in figures.items():
        print(f"{key:36} {value:12.2f}" + (f"   aim: {AIMS[key]}" if key in AIMS else ""))
    if file:
        file.write_text(json.dumps(figures, indent=2) + "\n", encoding="utf-8")
    if broken:
        raise SystemExit(f"not measured: {', '.join(broken)}")


if __name__ == "__main__":
    main()

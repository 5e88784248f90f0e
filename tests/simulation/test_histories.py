"""Shuffled histories of the real unit, relay and retries; a failing one is named by its seed and can be replayed."""

import gc
import os
import re
import subprocess
import sys
from collections.abc import Iterator, Mapping
from typing import get_args

import pytest

from tests.simulation.history import run
from tests.simulation.world import Mechanism

HISTORIES, CHUNK = 10_000, 1_000
SEEDS_TO_DETECT = 200
CAUSES: Mapping[Mechanism, str] = {
    "seen": r"has [2-9] effects of .* instead of 1$",
    "ack after commit": r"has 0 effects of .* instead of 1$",
    "relay": r"never calmed down: events wait in an outbox",
    "version guard": r"version \d+ of a case of \w+ after \d+ messages",
    "confirms": r"was never published$",
    "audit": r"\d+ entries in the audit of a case of \w+ after \d+ messages$",
}


@pytest.fixture(scope="module", autouse=True)
def rarer_garbage_collection() -> Iterator[None]:
    """What a history leaves behind is small; it need not be looked for as often as usual."""
    usual = gc.get_threshold()
    gc.set_threshold(50_000, 50, 50)
    yield
    gc.set_threshold(*usual)


@pytest.mark.parametrize("first", range(0, HISTORIES, CHUNK))
def test_every_shuffled_history_ends_with_one_effect_for_each_message(first: int) -> None:
    for seed in range(first, first + CHUNK):
        faults = run(seed).faults
        assert not faults, f"seed {seed}: {faults}; replay it with: python -m tests.simulation --seed {seed}"


@pytest.mark.parametrize("seed", range(3))
def test_a_process_may_die_at_every_single_await(seed: int) -> None:
    died = set()
    for gate in range(1, run(seed, crash_at=0).gates + 1):
        result = run(seed, crash_at=gate)
        command = f"python -m tests.simulation --seed {seed} --crash-at {gate}"
        assert not result.faults, f"{result.faults}; replay it with: {command}"
        died |= {what for what, _ in result.crashed_at}
    assert {"find _id", "commit", "publish", "clear", "ack", "answer", "gather"} <= died


@pytest.mark.parametrize("mechanism", get_args(Mechanism))
def test_a_safeguard_that_is_switched_off_shows_in_the_fault_that_it_is_there_to_prevent(mechanism: Mechanism) -> None:
    faults = (fault for seed in range(SEEDS_TO_DETECT) for fault in run(seed, mechanism).faults)
    assert any(re.search(CAUSES[mechanism], fault) for fault in faults)


def test_a_failing_history_is_replayed_with_its_faults_by_its_seed() -> None:
    seed = next(seed for seed in range(SEEDS_TO_DETECT) if run(seed, "seen").faults)
    command = [sys.executable, "-m", "tests.simulation", "--seed", str(seed), "--without", "seen"]
    replayed = subprocess.run(command, capture_output=True, text=True, check=False)
    assert replayed.returncode == 1
    assert replayed.stdout.endswith("\n".join((*run(seed, "seen").faults, "")))


def test_a_seed_gives_the_same_history_in_every_process() -> None:
    command = [sys.executable, "-m", "tests.simulation", "--seed", "7"]
    traces = [
        subprocess.run(command, env={**os.environ, "PYTHONHASHSEED": salt}, capture_output=True, check=True).stdout
        for salt in ("1", "2")
    ]
    assert traces[0] == traces[1] != b""

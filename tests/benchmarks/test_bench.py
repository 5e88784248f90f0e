"""The bench as somebody runs it who interrupts it, mistypes, or lacks something."""

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from deploy.local.layout import ROOT
from tests.deploy.left import left_behind, wait_for


def started(folder: Path, *arguments: str, **environment: str) -> "subprocess.Popen[str]":
    """A bench that keeps everything in the folder."""
    return subprocess.Popen(
        [sys.executable, "-m", "benchmarks", *arguments],
        cwd=ROOT,
        env={**os.environ, "TMPDIR": str(folder), **environment},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_an_interrupted_bench_says_so_and_leaves_no_process_and_no_data(tmp_path: Path, number: signal.Signals) -> None:
    bench = started(tmp_path, "hop")

    def measuring() -> bool:
        return any("benchmarks.trial" in command for command in left_behind(tmp_path)) or bench.poll() is not None

    wait_for(measuring, "the service that is measured runs", 90)
    bench.send_signal(number)
    out, err = bench.communicate(timeout=60)
    assert bench.returncode == 128 + signal.SIGINT, (out, err)
    assert err == "interrupted: what was started is ended, and its data is gone\n"
    assert left_behind(tmp_path) == []
    assert list(tmp_path.iterdir()) == []


def test_a_bench_without_a_broker_says_in_one_line_what_is_missing(tmp_path: Path) -> None:
    bench = started(tmp_path, "hop", PATH=str(tmp_path))
    _, err = bench.communicate(timeout=60)
    assert bench.returncode == 1
    assert err.splitlines() == [
        "The bench needs what is not here: RabbitMQ is missing (Debian: apt-get install rabbitmq-server)."
    ]
    assert list(tmp_path.iterdir()) == []


def test_a_section_that_there_is_not_is_named(tmp_path: Path) -> None:
    _, err = (bench := started(tmp_path, "hops")).communicate(timeout=60)
    assert bench.returncode == 2
    assert "no such section: hops" in err

"""The process apart that judges files."""

import sys
from collections.abc import Iterator
from tempfile import TemporaryFile
from typing import IO

import pytest

from services.intake import inspection
from services.intake.inspection import inspect
from shared.contracts.refusals import Invalid
from tests.services.intake.samples import archive, jpeg, png


@pytest.fixture
def file() -> Iterator[IO[bytes]]:
    with TemporaryFile() as made:
        yield made


async def test_a_file_is_judged_from_its_start_wherever_it_was_left(file: IO[bytes]) -> None:
    file.write(png())
    assert (await inspect(file)).media_type == "image/png"


async def test_the_reason_of_a_refusal_is_told(file: IO[bytes]) -> None:
    file.write(jpeg() + archive())
    with pytest.raises(Invalid) as refused:
        await inspect(file)
    assert (refused.value.slug, refused.value.field) == ("hidden_content", "file")


async def test_a_file_that_takes_too_long_is_refused(file: IO[bytes], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(inspection, "_SECONDS", 0.0)
    file.write(png())
    with pytest.raises(Invalid) as refused:
        await inspect(file)
    assert refused.value.slug == "unreadable_file"


async def test_an_inspection_that_cannot_work_is_no_fault_of_the_file(
    file: IO[bytes], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys, "executable", "/bin/false")
    file.write(png())
    with pytest.raises(RuntimeError):
        await inspect(file)

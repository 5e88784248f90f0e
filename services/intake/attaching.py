"""Files that a reporter brings to the counter: an officer attaches them to the report, which has its number already."""

from collections.abc import Sequence
from dataclasses import dataclass

from starlette.datastructures import UploadFile

from services.intake import domain, form_files, holder
from services.intake.desk import Desk
from services.intake.queries import complaint_for
from services.intake.reports import Place
from services.intake.submission import refuse_too_many
from shared.contracts.envelope import Person
from shared.contracts.refusals import Invalid, Unavailable
from shared.http import Ask


@dataclass(frozen=True, slots=True)
class Attached:
    """How many files were attached, and by name why others were not."""

    count: int = 0
    refused: Sequence[tuple[str, Invalid | Unavailable]] = ()


async def attach(desk: Desk, ask: Ask, officer: Person, complaint_id: str, files: Sequence[UploadFile]) -> Attached:
    """Attaches those of the files that can be taken, all at once. Raises Invalid where there is none or too many, and
    Conflict where nothing can be added to the report any more."""
    case, _ = await complaint_for(officer, desk.room, complaint_id)
    domain.moved(case, "supplement")
    domain.refuse_full(case)
    if not files:
        raise Invalid("no_file", "Choose at least one file.", "files")
    refuse_too_many(desk, tuple(file.filename or "" for file in files), "files")
    taken, refused = [], []
    for file in files:
        try:
            taken.append(await form_files.receive(desk, file))
        except (Invalid, Unavailable) as refusal:
            refused.append((file.filename or "", refusal))
    if taken:
        # A form that is sent twice brings its files twice, and asks for the same all the same.
        asked = "|".join(["counter", *(file.sha256 for file in taken)])
        ids = tuple(file.id for file in taken)
        added = holder.addition(desk, complaint_id, None, Place(), ids, asked)
        await holder.add(ask, desk, complaint_id, added, officer)
    return Attached(len(taken), refused)

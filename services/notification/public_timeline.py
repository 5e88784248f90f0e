"""What a tracking code opens: the timeline in plain words, joined with an earlier complaint's where it was linked."""

from collections.abc import Sequence

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field

from services.notification import timeline
from services.notification.domain import Correspondence
from services.notification.preferences import Channel
from services.notification.statuses import CLOSED, HELD_BY, Status
from services.notification.timeline import Entry, Timeline
from services.notification.words import Words
from shared import telemetry
from shared.contracts.complaint import Language
from shared.contracts.verification import Missing
from shared.sealing import Unsealable, Vault

CLOCK = r"^([01][0-9]|2[0-3]):[0-5][0-9]$"


class Line(BaseModel):
    """One step. `notice` is what an officer wrote to this reporter about it."""

    time: AwareDatetime
    key: str
    text: str
    notice: str | None = None


class Expected(BaseModel):
    """What comes next, and by when if that is set."""

    key: str
    text: str
    due: AwareDatetime | None = None


class Question(BaseModel):
    """What the police need to know before the work can go on."""

    missing: list[Missing]
    texts: list[str] = Field(description="the same in words")
    notice: str | None = Field(default=None, description="the officer's own words")
    answer_by: AwareDatetime


class QuietHours(BaseModel):
    """Hours in which nothing is sent that is not urgent, in the time of the Polres; none where both are the same."""

    model_config = ConfigDict(extra="forbid", from_attributes=True)
    start: str = Field(pattern=CLOCK)
    until: str = Field(pattern=CLOCK)


class Wishes(BaseModel):
    """How the reporter wants to be told. What is missing or null is left to the Polres."""

    model_config = ConfigDict(extra="forbid", from_attributes=True)
    channel: Channel | None = Field(default=None, description="`none`: nothing is sent, the tracking page tells it all")
    language: Language | None = None
    quiet: QuietHours | None = None
    stopped: bool = Field(default=False, description="nothing is sent till this is undone, whatever the channel")


class Tracked(BaseModel):
    """Everything that a reporter may know of the complaint."""

    register_number: str
    received_at: AwareDatetime
    status: Status
    text: str = Field(description="the status in words")
    joined: bool = Field(description="whether it is dealt with together with an earlier report of the same incident")
    next: Expected
    question: Question | None = None
    timeline: list[Line]
    preferences: Wishes


def tracked(
    words: Words, vault: Vault, complaint: str, case: Correspondence, earlier: Correspondence | None
) -> Tracked:
    """The public view of one complaint. Of `earlier`, the complaint that it was linked to, it shows only that something
    happened since: neither particulars nor notices, which are for that one's own reporter."""
    lines = [_line(words, vault, complaint, entry) for entry in case.timeline]
    stands = timeline.status(case.timeline)
    expected, by = timeline.due_next(case.timeline)
    shared = tuple(e for e in earlier.timeline if e.key in timeline.JOINED) if earlier and stands == "linked" else ()
    since_then = _since_the_link(case, shared)
    if since_then:
        lines += [Line(time=e.time, key=e.key, text=words.entry(e, joined=True)) for e in since_then]
        lines.sort(key=lambda line: line.time)
        stands = timeline.status(shared)
        expected = "nothing" if stands in CLOSED else expected
    return Tracked(
        register_number=case.register_number,
        received_at=case.received_at,
        status=stands,
        text=words.of("status", stands),
        joined=case.linked_to is not None,
        next=Expected(key=expected, text=words.of("next", expected), due=by),
        question=_question(words, vault, complaint, case),
        timeline=_without_echoes(lines),
        preferences=Wishes.model_validate(case.preferences),
    )


def outline(words: Words, case: Correspondence) -> list[Line]:
    """The steps as staff may see them: without what an officer wrote to the reporter, which is sealed, and of internal
    affairs only that something happened."""
    lines = [Line(time=e.time, key=e.key, text=words.entry(e, joined=_is_internal(e))) for e in case.timeline]
    return _without_echoes(lines)


def _is_internal(entry: Entry) -> bool:
    return "internal_affairs" in HELD_BY.get(entry.key, ()) or "internal_affairs" in entry.details


def _line(words: Words, vault: Vault, complaint: str, entry: Entry) -> Line:
    notice = _opened(vault, complaint, entry)
    return Line(time=entry.time, key=entry.key, text=words.entry(entry, joined=False), notice=notice)


def _since_the_link(case: Correspondence, shared: Timeline) -> Timeline:
    since = max((entry.time for entry in case.timeline if entry.key == "linked"), default=case.received_at)
    return tuple(entry for entry in shared if entry.time >= since)


def _question(words: Words, vault: Vault, complaint: str, case: Correspondence) -> Question | None:
    asked = timeline.question(case.timeline)
    if asked is None or asked.by is None:
        return None
    missing: list[Missing] = list(asked.details)  # type: ignore[arg-type]
    return Question(
        missing=missing,
        texts=[words.of("missing", slug) for slug in missing],
        notice=_opened(vault, complaint, asked),
        answer_by=asked.by,
    )


def _opened(vault: Vault, complaint: str, entry: Entry) -> str | None:
    """An officer's words to this reporter. One that cannot be opened must not cost the reporter the whole timeline."""
    if entry.notice is None:
        return None
    try:
        content = vault.open("notice", complaint, entry.notice)
    except Unsealable:
        telemetry.log.error("notice_unreadable", complaint=complaint)
        return None
    return "\n\n".join(text for text in content.values() if isinstance(text, str)) or None


def _without_echoes(lines: Sequence[Line]) -> list[Line]:
    """Steps that are taken twice, as when checks are completed after the work began, are shown once in a row."""
    return [line for n, line in enumerate(lines) if n == 0 or line.notice or line.text != lines[n - 1].text]

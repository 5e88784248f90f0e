"""The ways in which a decision can say no.

Each carries a slug (stable, for programs), a detail (a sentence for people, without personal data) and, where one field
is to blame, its name. `shared.problems` maps the kinds to HTTP; the consumer maps them to parking or to a retry.
"""

from typing import ClassVar


class Refusal(Exception):
    """A decision refused a message; repeating the same message cannot succeed."""

    status: ClassVar[int] = 422

    def __init__(self, slug: str, detail: str, field: str | None = None) -> None:
        super().__init__(f"{slug}: {detail}")
        self.slug = slug
        self.detail = detail
        self.field = field


class Invalid(Refusal):
    """The message itself is wrong."""


class Absent(Refusal):
    """There is no such case, or the person may not know that there is."""

    status = 404

    def __init__(self, slug: str = "not_found", detail: str = "There is no such complaint.") -> None:
        super().__init__(slug, detail)


class Forbidden(Refusal):
    """The person may see the case but not do this."""

    status = 403


class Conflict(Refusal):
    """The case is in a state from which this move is not allowed."""

    status = 409


class Stale(Refusal):
    """The case has changed since the version that the person saw."""

    status = 412


class TooEarly(Refusal):
    """A message overtook one that it depends on; the same message will succeed later."""

    status = 409


class TooMany(Refusal):
    """The caller asks too much; the same message will succeed after so many seconds."""

    status = 429

    def __init__(self, detail: str, seconds: int) -> None:
        super().__init__("too_many", detail)
        self.seconds = seconds


class Unavailable(Refusal):
    """Something that the decision needs does not answer now; the same message may succeed later."""

    status = 503

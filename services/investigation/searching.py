"""Looking again and again for somebody who is free, and saying so ever louder but not ever more often."""

from dataclasses import replace
from datetime import datetime, timedelta

from services.investigation.case import Search
from services.investigation.procedure import alarm_after


def look_again(search: Search | None, now: datetime, retry_seconds: int, longest_seconds: int) -> tuple[Search, bool]:
    """The search after a look that found nobody, and whether the alarm is raised now."""
    look_at = now + timedelta(seconds=retry_seconds)
    if search is None:
        return Search(now, look_at, now + alarm_after(retry_seconds, 1, longest_seconds), level=1), True
    if search.alarm_at <= now:
        level = search.level + 1
        alarm_at = now + alarm_after(retry_seconds, level, longest_seconds)
        return replace(search, look_at=look_at, alarm_at=alarm_at, level=level), True
    return (replace(search, look_at=look_at) if search.look_at <= now else search), False

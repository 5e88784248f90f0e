"""Who asks, and for which month."""

from typing import Annotated

from fastapi import Depends, Path, Query, Request

from services.evaluation.targets import Targets

_MONTH = r"^20[0-9]{2}-(0[1-9]|1[0-2])$"

InMonth = Annotated[str, Query(pattern=_MONTH, description="as `2026-11`")]
OfMonth = Annotated[str, Path(pattern=_MONTH, description="as `2026-11`")]


def _targets(request: Request) -> Targets:
    targets: Targets = request.app.state.targets
    return targets


Held = Annotated[Targets, Depends(_targets)]

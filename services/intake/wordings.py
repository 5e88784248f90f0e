"""What people read for intake's codes, in Indonesian; `en.po` has the English."""

from collections.abc import Mapping

REFUSALS: Mapping[str, str] = {}

"""What people read for notification's codes, in Indonesian; `en.po` has the English."""

from collections.abc import Mapping

REFUSALS: Mapping[str, str] = {}

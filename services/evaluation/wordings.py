"""What people read for evaluation's codes, in Indonesian; `en.po` has the English."""

from collections.abc import Mapping

from services.evaluation import track_wordings

REFUSALS: Mapping[str, str] = {
    # Tracking.
    **track_wordings.REFUSALS,
}

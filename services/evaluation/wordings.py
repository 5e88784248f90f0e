"""What people read for evaluation's codes, in Indonesian; `en.po` has the English."""

from collections.abc import Mapping

from services.evaluation import track_wordings
from shared.languages import marked

REFUSALS: Mapping[str, str] = {
    # Boards and findings.
    "not_yet": marked("Angka suatu bulan baru terbit setelah bulan itu berakhir."),
    "other_office": marked("Anda bukan bagian dari kantor ini."),
    "unknown_indicator": marked("Indikator ini tidak dikenal."),
    "in_the_past": marked("Tenggatnya sudah lewat; pilih hari ini atau sesudahnya."),
    "before_the_action": marked("Pengukuran ulang harus setelah tenggat tindakan."),
    "nothing_new": marked("Pilih hari pengukuran yang bulan sebelumnya terletak setelah bulan temuan."),
    "wrong_state": marked("Keadaannya sudah berubah; langkah itu tidak lagi mungkin."),
    "unsealable": marked("Tulisan ini tidak dapat dibuka dengan kunci yang ada."),
    # Tracking.
    **track_wordings.REFUSALS,
}

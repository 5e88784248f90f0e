"""What people read for notification's codes, in Indonesian; `en.po` has the English."""

from collections.abc import Mapping

from shared.languages import marked

REFUSALS: Mapping[str, str] = {
    # Tracking.
    "half_quiet": marked("Isi kedua jam, atau kosongkan keduanya."),
    "unreachable": marked("Laporan Anda tidak menyebut cara itu, atau kami tidak dapat mengirim lewat cara itu."),
    "contact_unreadable": marked("Kontak Anda sedang tidak dapat dibaca. Coba lagi nanti."),
    # Whom nothing reached.
    "nobody_unreached": marked("Tidak ada lagi yang perlu dihubungi."),
    "unsealable": marked("Kontak pelapor tidak dapat dibuka dengan kunci yang ada di sini."),
}

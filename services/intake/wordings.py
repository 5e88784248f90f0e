"""What people read for intake's codes, in Indonesian; `en.po` has the English."""

from collections.abc import Mapping

from shared.languages import marked

REFUSALS: Mapping[str, str] = {
    # the counter, 110 and what the chief does with a complaint
    "other_office": marked("Anda bukan anggota kantor ini."),
    "village_not_listed": marked("Desa ini tidak ada di daftar. Kosongkan, dan tulis di tempat kejadian."),
    "village_in_two_districts": marked("Ada beberapa desa dengan nama ini. Pilih dengan kecamatannya."),
    "time_missing": marked("Tulis juga jamnya, kira-kira saja."),
    "time_unreadable": marked("Tulis jam seperti 14.30."),
    "day_unreadable": marked("Tulis tanggal seperti 24-11."),
    "in_the_future": marked("Waktu itu belum tiba."),
    "finder_is_reporter": marked("Temuan anggota tidak memuat pelapor. Kosongkan nama, NIK, telepon, dan alamat."),
    "conflicts_unreadable": marked("Tulis nomor anggota atau satuan, dipisahkan dengan koma."),
    "idempotency_key_reused": marked("Formulir ini sudah terkirim dengan isi lain. Buka formulir baru."),
    "no_reporter": marked("Temuan anggota tidak mempunyai tanda terima."),
    "original_only": marked("Berkas ini hanya ada sebagai berkas asli."),
    "unsealable": marked("Isi yang disegel tidak dapat dibuka dengan kunci yang ada."),
    "other_register_number": marked("Nomor itu bukan nomor laporan ini."),
    "legal_hold": marked("Laporan ini ditahan demi hukum, jadi tidak dapat dihapus."),
    "open": marked("Laporan ini belum selesai, jadi belum dapat dihapus."),
    "not_held": marked("Laporan ini tidak sedang ditahan demi hukum."),
    "full": marked("Batasnya sudah tercapai; tidak ada lagi yang dapat ditambahkan."),
}

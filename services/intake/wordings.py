"""What people read for intake's codes, in Indonesian; `en.po` has the English."""

from collections.abc import Mapping

from services.intake import track_wordings
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
    # The form of a report and its receipt.
    "too_many_attachments": marked("Berkasnya terlalu banyak. Kurangi, lalu kirim lagi."),
    "unknown_attachment": marked("Ada berkas yang tidak tersedia lagi. Unggah ulang."),
    "no_file": marked("Pilih berkasnya dulu."),
    "empty_file": marked("Berkas ini kosong."),
    "incomplete_file": marked("Berkas belum terunggah sampai selesai. Unggah ulang."),
    "too_large_file": marked("Berkas ini terlalu besar."),
    "unsupported_file": marked("Hanya foto JPEG atau PNG, dan PDF."),
    "hidden_content": marked("Berkas ini menyimpan berkas lain di dalamnya."),
    "too_many_pixels": marked("Gambar ini terlalu besar ukurannya."),
    "encrypted_file": marked("PDF ini memakai kata sandi. Simpan tanpa kata sandi, lalu unggah ulang."),
    "active_content": marked("PDF ini berisi skrip atau berkas lain. Cetak ke PDF baru, lalu unggah."),
    "too_complex": marked("PDF ini terlalu rumit. Cetak ke PDF baru, lalu unggah."),
    "unreadable_file": marked("Berkas ini rusak atau bukan jenis yang disebut namanya."),
    "infected_file": marked("Berkas ini ditolak pemindai virus."),
    "unreachable": marked("Laporan ini tidak memuat nomor atau alamat yang dapat dikirimi kode."),
    "confirmed_before": marked("Kontak ini sudah dipastikan."),
    "wrong_code": marked("Kode itu salah atau sudah kedaluwarsa. Minta kode baru."),
    # Tracking.
    **track_wordings.REFUSALS,
}

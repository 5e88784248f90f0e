"""What people read for intake's codes, in Indonesian; `en.po` has the English."""

from collections.abc import Mapping

from shared.languages import marked

REFUSALS: Mapping[str, str] = {
    # The form of a report and its receipt.
    "in_the_future": marked("Waktu itu belum tiba."),
    "too_many_attachments": marked("Berkasnya terlalu banyak. Kurangi, lalu kirim lagi."),
    "unknown_attachment": marked("Ada berkas yang tidak tersedia lagi. Unggah ulang."),
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
}

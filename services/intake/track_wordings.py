"""What the holder of a tracking code reads on intake's pages, in Indonesian; `en.po` has the English."""

from collections.abc import Mapping

from shared.languages import marked

# What was done, by the word in the address that leads back to the panel.
DONE: Mapping[str, str] = {
    "add": marked("Terima kasih, tambahan Anda sudah kami terima."),
    "withdraw": marked("Laporan Anda sudah dicabut."),
    "appeal": marked("Keberatan Anda sudah kami terima. Petugas lain memeriksanya kembali."),
    "contact": marked("Kontak Anda sudah dipastikan."),
}
MEDIA: Mapping[str, str] = {"sms": marked("Telepon (SMS)"), "email": marked("Surel")}
REFUSALS: Mapping[str, str] = {
    "nothing_added": marked("Tulis keterangan atau tempat, atau pilih berkas."),
    "full": marked("Laporan ini tidak dapat ditambah lagi. Telepon atau datanglah ke kantor."),
    "withdrawn": marked("Laporan ini sudah dicabut; langkah itu tidak lagi mungkin."),
    "ended": marked("Penanganan laporan ini sudah selesai, jadi tidak perlu dicabut."),
    "appealed_before": marked("Keberatan sudah pernah diajukan; hanya dapat satu kali."),
    "not_rejected": marked("Laporan ini tidak ditolak, jadi tidak ada yang perlu dikeberatani."),
    "too_late": marked("Batas waktu keberatan sudah lewat."),
    "nothing_to_confirm": marked("Tidak ada kontak yang perlu dipastikan."),
    "contact_unreadable": marked("Kontak Anda sedang tidak dapat dibaca. Coba lagi nanti."),
    "file_too_large": marked("Ada berkas yang terlalu besar. Pilih berkas yang lebih kecil."),
    "scanner_away": marked("Berkas sedang tidak dapat diperiksa. Kirim tanpa berkas dulu, dan tambahkan nanti."),
}

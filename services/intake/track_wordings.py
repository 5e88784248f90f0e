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
    "wrong_code": marked("Kode itu salah atau sudah tidak berlaku. Minta kode baru bila perlu."),
    "confirmed_before": marked("Kontak ini sudah dipastikan."),
    "unreachable": marked("Laporan Anda tidak menyebut nomor seluler Indonesia atau surel untuk ini."),
    "contact_unreadable": marked("Kontak Anda sedang tidak dapat dibaca. Coba lagi nanti."),
    "idempotency_key_reused": marked("Formulir ini sudah pernah dikirim dengan isi lain. Buka lagi, lalu kirim."),
    "too_many_attachments": marked("Terlalu banyak berkas sekali kirim. Kirim sisanya sesudah ini."),
    "unknown_attachment": marked("Berkas itu tidak ada lagi. Pilih lagi."),
    "file_too_large": marked("Ada berkas yang terlalu besar. Pilih berkas yang lebih kecil."),
    "empty_file": marked("Ada berkas yang kosong. Pilih lagi."),
    "incomplete_file": marked("Pengiriman berkas terputus. Pilih dan kirim lagi."),
    "unsupported_file": marked("Hanya foto (JPEG, PNG) dan PDF yang dapat dikirim."),
    "hidden_content": marked("Ada berkas yang berisi berkas lain di dalamnya. Kirim foto atau PDF biasa."),
    "too_many_pixels": marked("Ada foto yang terlalu besar ukurannya. Kirim yang lebih kecil."),
    "encrypted_file": marked("PDF itu terkunci kata sandi. Simpan tanpa kata sandi, lalu kirim lagi."),
    "active_content": marked("PDF itu berisi program atau berkas lain. Cetak ke PDF baru, lalu kirim lagi."),
    "too_complex": marked("PDF itu terlalu rumit. Cetak ke PDF baru, lalu kirim lagi."),
    "unreadable_file": marked("Ada berkas yang rusak. Pilih berkas lain."),
    "infected_file": marked("Ada berkas yang berbahaya dan tidak diterima."),
    "scanner_away": marked("Berkas sedang tidak dapat diperiksa. Kirim tanpa berkas dulu, dan tambahkan nanti."),
}

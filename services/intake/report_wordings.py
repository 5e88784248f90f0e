"""What people read on the form of a report beside what the templates say, in Indonesian; `en.po` has the English."""

from collections.abc import Mapping

from shared.languages import marked

# Where "cannot be read" would not help.
FIELDS: Mapping[str, str] = {
    "nik": marked("NIK terdiri dari 16 angka, seperti di KTP."),
    "phone": marked("Tulis nomor telepon dengan angka, misalnya 0812 3456 7890."),
    "email": marked("Tulis alamat surel lengkap, misalnya nama@contoh.id."),
    "when": marked("Pilih tanggal dan jam yang sudah lewat."),
    "village": marked("Pilih desa/kelurahan dari daftar."),
    "lat": marked("Titik peta tidak dapat dibaca; pilih lagi."),
    "lon": marked("Titik peta tidak dapat dibaca; pilih lagi."),
    "who": marked("Pilih “tanpa nama” dan kosongkan data diri, atau “dengan data diri” dan isi paling sedikit satu."),
    "attachments": marked("Ada berkas yang tidak tersedia lagi. Unggah ulang."),
}
KINDS: Mapping[str, str] = {"image/jpeg": marked("Foto"), "image/png": marked("Gambar"), "application/pdf": "PDF"}
WHO: Mapping[str, str] = {"anonymous": marked("Tanpa nama"), "named": marked("Dengan data diri")}
UNSAVED = marked("Belum tersimpan karena gangguan pada sistem kami. Coba kirim lagi sebentar lagi.")
# What the form's script says; it has no words of its own.
SCRIPT: Mapping[str, str] = {
    "required": marked("Wajib diisi."),
    "invalid": marked("Isian ini tidak dapat dibaca; periksa lagi."),
    "step": marked("Langkah %s dari %s"),
    "large": marked("Berkas ini terlalu besar."),
    "many": marked("Berkasnya sudah terlalu banyak."),
    "lost": marked("Belum terunggah karena sambungan terputus."),
    "pending": marked("Tunggu sampai semua berkas terunggah, atau buang yang gagal."),
    "again": marked("Coba lagi"),
    "discard": marked("Buang"),
    "locating": marked("Mencari lokasi …"),
    "nowhere": marked("Lokasi tidak didapat. Pilih desa atau tulis tempatnya."),
    "point": marked("Titik dipilih: %s"),
    "expired": marked("Berkas di draf sudah terlalu lama dan dihapus. Unggah ulang bila masih perlu."),
    "offline": marked(
        "Sambungan internet terputus. Laporan BELUM terkirim. Isian disimpan di perangkat ini dan dikirim begitu "
        "sambungan kembali, selama halaman ini terbuka."
    ),
    "unsent": marked(
        "Laporan BELUM terkirim karena gangguan. Isian disimpan di perangkat ini. Tekan “Kirim laporan” lagi."
    ),
    "change": marked("Ubah"),
    "empty": marked("tidak diisi"),
    "copied": marked("Tersalin."),
    "uncopied": marked("Tekan lama pada kode untuk menyalin."),
    "erase": marked("Hapus semua isian di perangkat ini?"),
}

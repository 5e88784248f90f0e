"""What the holder of a tracking code reads on evaluation's pages, in Indonesian; `en.po` has the English."""

from collections.abc import Mapping

from shared.languages import marked

# The nine elements of the survey (PermenPANRB 14/2017), each as a question, with what the scores 1 to 4 mean: in the
# order and by the scales of the questionnaire in its annex, which asks of facilities before the handling of complaints.
ELEMENTS: Mapping[str, tuple[str, tuple[str, str, str, str]]] = {
    "u1": (
        marked("Seberapa sesuai syarat untuk melapor dengan layanan yang Anda perlukan?"),
        (marked("Tidak sesuai"), marked("Kurang sesuai"), marked("Sesuai"), marked("Sangat sesuai")),
    ),
    "u2": (
        marked("Seberapa mudah prosedur melapor dan penanganannya?"),
        (marked("Tidak mudah"), marked("Kurang mudah"), marked("Mudah"), marked("Sangat mudah")),
    ),
    "u3": (
        marked("Seberapa cepat laporan Anda ditangani?"),
        (marked("Tidak cepat"), marked("Kurang cepat"), marked("Cepat"), marked("Sangat cepat")),
    ),
    "u4": (
        marked("Bagaimana biaya yang diminta dari Anda?"),
        (marked("Sangat mahal"), marked("Cukup mahal"), marked("Murah"), marked("Gratis")),
    ),
    "u5": (
        marked("Seberapa sesuai hasilnya dengan yang dijanjikan?"),
        (marked("Tidak sesuai"), marked("Kurang sesuai"), marked("Sesuai"), marked("Sangat sesuai")),
    ),
    "u6": (
        marked("Seberapa mampu petugas menangani laporan Anda?"),
        (marked("Tidak mampu"), marked("Kurang mampu"), marked("Mampu"), marked("Sangat mampu")),
    ),
    "u7": (
        marked("Bagaimana kesopanan dan keramahan petugas?"),
        (
            marked("Tidak sopan dan ramah"),
            marked("Kurang sopan dan ramah"),
            marked("Sopan dan ramah"),
            marked("Sangat sopan dan ramah"),
        ),
    ),
    "u8": (
        marked("Bagaimana sarana dan prasarana kami, seperti halaman ini atau kantor?"),
        (marked("Buruk"), marked("Cukup"), marked("Baik"), marked("Sangat baik")),
    ),
    "u9": (
        marked("Bagaimana pengaduan, saran, dan masukan tentang layanan kami ditangani?"),
        (
            marked("Tidak ada penanganannya"),
            marked("Ada, tetapi tidak berfungsi"),
            marked("Berfungsi, tetapi kurang maksimal"),
            marked("Dikelola dengan baik"),
        ),
    ),
}
# What was said, by the word in the address that leads back to the panel.
DONE: Mapping[str, str] = {
    "survey": marked("Terima kasih atas penilaian Anda."),
    "reopen": marked("Permintaan Anda sudah kami terima. Petugas memutuskan apakah laporan dibuka kembali."),
}
REFUSALS: Mapping[str, str] = {
    "not_closed": marked("Laporan ini belum selesai ditangani."),
    "already_answered": marked("Penilaian untuk laporan ini sudah kami terima. Terima kasih."),
    "joined": marked("Laporan ini ditangani bersama laporan sebelumnya, jadi tidak dapat dibuka kembali sendiri."),
    "rejected": marked("Atas penolakan diajukan keberatan, bukan permintaan dibuka kembali."),
    "already_requested": marked("Permintaan ini sudah diajukan; petugas akan memutuskan."),
    "too_many_reopenings": marked("Laporan ini sudah terlalu sering diminta dibuka kembali."),
}

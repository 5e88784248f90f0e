"""What officers read for the desk's codes, in Indonesian; `en.po` has the English."""

from collections.abc import Mapping

from shared.languages import marked
from shared.wordings import ENDS

STATUSES: Mapping[str, str] = {
    "unknown": marked("Belum diketahui"),
    "received": marked("Diterima"),
    "clarifying": marked("Menunggu klarifikasi pelapor"),
    "complete": marked("Lengkap"),
    "examination": marked("Dalam pemeriksaan"),
    "archived": marked("Tidak layak diawasi"),
    "concluded": marked("Selesai"),
    "returned": marked("Dikembalikan ke klasifikasi"),
    "joined": marked("Digabung"),
    "elsewhere": marked("Tidak lagi di Propam"),
    **ENDS,
}
# Offices above; this one has its own name.
OFFICES: Mapping[str, str] = {
    "polda": marked("Polda"),
    "mabes": marked("Mabes Polri"),
    "kompolnas": marked("Kompolnas"),
}
HAPPENINGS: Mapping[str, str] = {
    "registered": marked("Masuk ke Propam"),
    "clarify": marked("Pelapor diminta klarifikasi"),
    "complete": marked("Dinyatakan lengkap"),
    "examine": marked("Pemeriksa ditunjuk"),
    "archive": marked("Dinyatakan tidak layak diawasi"),
    "conclude": marked("Hasil ditetapkan"),
    "return": marked("Dikembalikan ke klasifikasi"),
    "join": marked("Digabung dengan pengaduan lebih dulu"),
    "forward": marked("Diteruskan ke kantor di atasnya"),
    "letter": marked("Surat SP3D dikirim"),
    "finding": marked("Temuan dicatat"),
    "conflict": marked("Pihak yang diadukan dicatat"),
}
OUTCOMES: Mapping[str, str] = {
    "proven": marked("Terbukti (selesai benar)"),
    "not_proven": marked("Tidak terbukti (selesai tidak benar)"),
    "archived": marked("Tidak layak diawasi (diarsipkan)"),
}
# Why an officer reads what is sealed, as the case keeps it.
PURPOSES: Mapping[str, str] = {
    "completeness": marked("Memeriksa kelengkapan"),
    "examination": marked("Pemeriksaan"),
    "letter": marked("Menulis surat kepada pelapor"),
    "decision": marked("Memutuskan hasil"),
    "supervision": marked("Pengawasan pimpinan"),
}
# What opened words belong to, by the first word of their entry.
ENTRIES: Mapping[str, str] = {
    **HAPPENINGS,
    "supplement": marked("Tambahan pelapor"),
    "linked": marked("Laporan lain tentang kejadian yang sama"),
    "finding": marked("Temuan"),
    "letter": marked("Surat SP3D"),
    "result": marked("Hasil untuk pelapor"),
}
# What an entry of the roster holds.
ENTRY_FIELDS: Mapping[str, str] = {"units": marked("Satuan")}
REFUSALS: Mapping[str, str] = {
    "of_other_office": marked("Petugas itu ada di daftar kantor lain."),
    "unknown_examiner": marked("Pemeriksa itu tidak ada dalam daftar meja ini."),
    "conflict_of_interest": marked("Pengaduan ini menyangkut pemeriksa itu atau satuannya."),
    "not_the_examiner": marked("Hanya pemeriksa pengaduan ini yang mencatat temuan."),
    "no_finding": marked("Pemeriksa belum mencatat temuan."),
    "nobody_to_decide": marked(
        "Pengaduan ini menyangkut seluruh kantor, jadi tidak ada yang dapat mengklasifikasikannya di sini."
    ),
    "not_joined": marked("Tidak ada pengaduan lebih dulu yang terbuka di meja ini."),
    "no_office_above": marked("Tidak ada kantor di atasnya yang tidak disebut dalam pengaduan ini."),
    "not_open": marked("Pengaduan ini sudah berakhir di meja ini."),
    "wrong_state": marked("Keadaan pengaduan ini sudah berubah; langkah itu tidak lagi mungkin."),
    "other_office": marked("Satuan pemeriksa harus mencakup kantor Anda."),
}

"""The Indonesian words that the printed report and pages share. A slug without a word is shown as it is."""

from collections.abc import Mapping

from shared.languages import marked

WORDS: Mapping[str, str] = {
    "received": marked("Laporan diterima"),
    "closed": marked("Selesai"),
    "rejected": marked("Ditolak"),
    "withdrawn": marked("Dicabut"),
    "duplicates": marked("Digabung (ganda)"),
    "changes": marked("Perubahan klasifikasi"),
    "reopenings": marked("Permintaan dibuka kembali"),
    "alarms": marked("Peringatan keterlambatan"),
    "verification": marked("Verifikasi"),
    "classification": marked("Klasifikasi"),
    "assignment": marked("Penugasan"),
    "arrival": marked("Patroli tiba"),
    "first_letter": marked("Surat pertama (SP2HP/SP3D)"),
    "settlement": marked("Penyelesaian"),
    "unit": marked("Satuan"),
    "category": marked("Kategori"),
    "village": marked("Desa/kelurahan"),
    "channel": marked("Kanal"),
    "unknown": marked("belum diketahui"),
    "u1": marked("U1 Persyaratan"),
    "u2": marked("U2 Sistem, mekanisme, dan prosedur"),
    "u3": marked("U3 Waktu penyelesaian"),
    "u4": marked("U4 Biaya/tarif"),
    "u5": marked("U5 Produk spesifikasi jenis pelayanan"),
    "u6": marked("U6 Kompetensi pelaksana"),
    "u7": marked("U7 Perilaku pelaksana"),
    "u8": marked("U8 Sarana dan prasarana"),
    "u9": marked("U9 Penanganan pengaduan, saran, dan masukan"),
    "reopen_rate": marked("Tingkat dibuka kembali"),
    "satisfaction": marked("IKM"),
    "observation": marked("Pengamatan"),
    "prank": marked("iseng"),
    "wrong_number": marked("salah sambung"),
    "silent": marked("diam"),
    "dropped": marked("terputus"),
    "information": marked("informasi"),
}


def word(slug: str) -> str:
    return WORDS.get(slug, slug)


def number(value: float | int | None, digits: int = 2) -> str:
    """A number as it is written in Indonesia; a dash for none."""
    if value is None:
        return "–"
    text = f"{value:,.{digits}f}" if isinstance(value, float) else f"{value:,}"
    return text.translate(str.maketrans(",.", ".,"))


def percent(share: float | None) -> str:
    return "–" if share is None else f"{number(share * 100, 1)} %"

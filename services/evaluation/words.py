"""The Indonesian words of the printed report. A slug without a word of its own is shown as it is."""

from collections.abc import Mapping

MONTHS = (
    *("Januari", "Februari", "Maret", "April", "Mei", "Juni"),
    *("Juli", "Agustus", "September", "Oktober", "November", "Desember"),
)

WORDS: Mapping[str, str] = {
    "received": "Laporan diterima",
    "closed": "Selesai",
    "rejected": "Ditolak",
    "withdrawn": "Dicabut",
    "duplicates": "Digabung (ganda)",
    "changes": "Perubahan klasifikasi",
    "reopenings": "Permintaan dibuka kembali",
    "alarms": "Peringatan keterlambatan",
    "verification": "Verifikasi",
    "classification": "Klasifikasi",
    "assignment": "Penugasan",
    "arrival": "Patroli tiba",
    "first_letter": "Surat pertama (SP2HP/SP3D)",
    "settlement": "Penyelesaian",
    "unit": "Satuan",
    "category": "Kategori",
    "village": "Desa/Kelurahan",
    "channel": "Kanal",
    "unknown": "belum diketahui",
    "u1": "U1 Persyaratan",
    "u2": "U2 Prosedur",
    "u3": "U3 Waktu",
    "u4": "U4 Biaya",
    "u5": "U5 Produk layanan",
    "u6": "U6 Kompetensi",
    "u7": "U7 Perilaku",
    "u8": "U8 Sarana",
    "u9": "U9 Penanganan pengaduan",
    "raised": "baru",
    "planned": "direncanakan",
    "renewed": "diperpanjang",
    "reopen_rate": "Tingkat dibuka kembali",
    "satisfaction": "IKM",
    "observation": "Pengamatan",
    "office": "Kantor",
    "element": "Unsur",
    "prank": "iseng",
    "silent": "diam",
    "dropped": "terputus",
    "information": "informasi",
}


def word(slug: str) -> str:
    return WORDS.get(slug, slug)


def indicator(slug: str) -> str:
    """An indicator's slug in words: `hours_to_assignment`, `element_u3`."""
    for prefix, words in (("hours_to_", "Waktu (jam): "), ("element_", "Unsur ")):
        if slug.startswith(prefix):
            return f"{words}{word(slug.removeprefix(prefix))}"
    return word(slug)


def scope(text: str) -> str:
    """`unit:Pidum` in words."""
    kind, _, name = text.partition(":")
    return f"{word(kind)} {word(name)}".strip()


def month(name: str) -> str:
    """`2026-11` in words."""
    return f"{MONTHS[int(name[5:]) - 1]} {name[:4]}"


def number(value: float | int | None, digits: int = 2) -> str:
    """A number as it is written in Indonesia; a dash for none."""
    if value is None:
        return "–"
    text = f"{value:,.{digits}f}" if isinstance(value, float) else f"{value:,}"
    return text.translate(str.maketrans(",.", ".,"))


def percent(share: float | None) -> str:
    return "–" if share is None else f"{number(share * 100, 1)} %"

"""The words of SMS: what the office says in plain Indonesian, and what it makes of what it is told.

A reply fits into one SMS, and what a lock screen shows of it says nothing of the case. The code alone must be sent,
since this phone is the only way to its reporter; it comes last.
"""

import re

from services.intake.conversation import Order, Part, Reply

_NOT_YET = "Laporan baru tercatat setelah Anda menerima kode. DARURAT: telepon 110. Batal: balas BATAL."
REPLIES: dict[Reply, str] = {
    "ask_what": f"Apa yang terjadi? Ceritakan singkat. {_NOT_YET}",
    "ask_where": f"Di mana? Sebutkan jalan, kampung atau desa. {_NOT_YET}",
    "ask_when": f"Kapan? Tulis hari dan jam, perkiraan boleh. {_NOT_YET}",
    "received": "Terima kasih, pesan Anda sudah tercatat. Lacak di {site}. Simpan kode ini untuk Anda sendiri: {code}",
    "cancelled": "Dibatalkan. Tidak ada yang dicatat.",
    "nothing_to_cancel": "Tidak ada yang perlu dibatalkan. Laporan yang sudah tercatat dapat ditarik di {site}.",
    "status": "Lacak di {site}. Simpan kode ini untuk Anda sendiri: {code}",
    "limit": "Batas SMS hari ini tercapai. DARURAT: telepon 110. Lainnya: datanglah ke SPKT.",
}
NO_REPORT = "Belum ada pesan tercatat dari nomor ini. Tulis apa yang terjadi, di mana dan kapan."
_ORDERS: dict[str, Order] = {"batal": "cancel", "status": "status"}

_WHERE = re.compile(
    r"\b(?:di|depan|dekat|belakang|samping|jalan|jl|jln|gang|gg|kampung|kp|dusun|desa|kelurahan|kecamatan|pasar|perumahan"
    r"|komplek|terminal|simpang|jembatan|rt)[ .]+(?!mana\b|sini\b|sana\b)\w{2,}"
)
_WHEN = re.compile(
    r"\b(?:sekarang|barusan|baru saja|tadi|kemarin|semalam|hari ini|pagi|siang|sore|malam|subuh|dini hari"
    r"|senin|selasa|rabu|kamis|jumat|sabtu|minggu|(?:jam|pukul|pkl|tanggal|tgl) ?\d+"
    r"|\d+ (?:menit|jam|hari) (?:yang )?lalu)\b"
)
_WORD = re.compile(r"[^\W\d_]{2,}")
_FEWEST_WORDS = 3


def order_of(text: str) -> Order | None:
    """The command that a text is, if it is one."""
    return _ORDERS.get(text.strip(" .!").casefold())


def tells(text: str) -> tuple[Part, ...]:
    """What a text tells by itself. Whether it is enough, verification judges."""
    plain = " ".join(text.casefold().split())
    found: list[Part] = []
    if len(set(_WORD.findall(plain))) >= _FEWEST_WORDS:
        found.append("what")
    if _WHERE.search(plain):
        found.append("where")
    if _WHEN.search(plain):
        found.append("when")
    return tuple(found)


def said(reply: Reply, site: str, code: str | None) -> str:
    """A reply's text. Without a code, there is no report to tell of."""
    if reply == "status" and code is None:
        return NO_REPORT
    return REPLIES[reply].format(site=site, code=code)

"""The words of a free text, made comparable across case, accents, invisible characters and Indonesian affixes."""

import re
import unicodedata
from collections.abc import Iterable
from itertools import islice

from shared.visible import visible, without_inkless

MAX_TOKENS = 2_000
_MAX_TOKEN_LENGTH = 40

_CLOCK = re.compile(r"\b(?:pukul|pkl|jam)\s+(?=\d)", re.IGNORECASE)  # without a number after it, "pukul" is a blow
_TOKEN = re.compile(r"[^\W\d_]+|\d+")

_STOP_WORD_LINES = """
ada adalah agar aja akan aku akhirnya alias amat anda antara apa apakah atas atau bagi bahwa banget banyak
baru barusan beberapa begini begitu belum bener benar berada biar bila bisa boleh buat bukan bukannya bapak
bpk cara cepat cepet cuma dalam dan dapat dari daripada dekat demi dengan depan dg dgn di dia diri dong dulu
gak ga ampe gara hal hanya harap harus hingga hendak ia ialah ini itu jadi jam jangan jika juga kah kalau kalo
kami kamu kan kapan karena karna kasih ke kemarin kembali kemudian kepada kira kita kok kondisi kp lagi lah
lain lalu lapor laporan lapornya lewat loh mah maka malah masih mau melainkan melapor melaporkan melihat
memang menjadi mereka merupakan minta mohon mungkin nah namanya namun nanti nih nya oleh padahal pada pak pake
pakai para pas pelapor per pernah pihak polisi pun punya saat saja saling sama sambil sampai sampe sana sangat
satu saya sdh se sebagai sebelum sebuah sedang segera sehingga sejak sekali sekarang sekitar selalu selama
semua seorang sebagainya seperti sering serta sesudah setelah setiap siapa sih sini situ suatu sudah supaya
tadi tadinya tak tapi tdk telah tempat tentang terhadap terjadi terima termasuk tersebut tetapi terus tiap
tidak tolong tsb tuh udah untuk untk unit utk waktu wib ya yaitu yakni yang yg korban milik nomor nopol orang
pelaku warga warna belakang pinggir rt rw jalan jl gang gg kampung desa kelurahan kecamatan
"""
_STOP_WORDS = frozenset(_STOP_WORD_LINES.split())

# Everyday words for one thing. Two witnesses seldom choose the same one, so each line is read as its first word.
_SYNONYM_LINES = """
curi maling colong nyolong gasak gondol embat raib lenyap hilang bobol kuras
rampas jambret begal rampok todong rebut
pukul mukul hajar tonjok gebuk aniaya keroyok tampar bogem
tabrak celaka serempet laka senggol
bakar api kobar kebakar rambat rembet
hp handphone ponsel hape telepon smartphone
motor sepedamotor spm
mobil kendaraan
pria laki lelaki cowok kakek
wanita perempuan cewek ibu gadis
anak remaja pelajar siswa murid abg bocah
istri bini
toko konter kios warung kedai
sajam celurit parang golok pisau badik samurai
mabuk mabok miras teler minum
mati tewas mayat jenazah
2 dua
3 tiga
4 empat
5 lima
luka cedera lebam darah
pingsan tergeletak
masjid mesjid musholla musala mushola surau langgar
rumah perum perumahan komplek kompleks
judi togel remi domino slot sabung
ancam intimidasi teror
pecah rusak hancur congkel jebol
marah ngamuk amuk
teriak jerit
uang duit rupiah
malam dini tengah
bising keras berisik gaduh
odgj gila
"""
_ENCLITICS = ("lah", "kah", "nya")
_SUFFIXES = ("kan", "an", "in")
# Each prefix with the letter that it swallowed from the root: me-nabrak is tabrak, me-mukul is pukul. Longest first.
_PREFIXES = (
    (re.compile("(?:me|pe)ny(?=[aeiou])"), "s"),
    (re.compile("(?:me|pe)ng(?=e)"), "k"),
    (re.compile("(?:me|pe)n(?=[aeiou])"), "t"),
    (re.compile("(?:me|pe)m(?=[aeiou])"), "p"),
    (re.compile("(?:me|pe)(?:ng|m|n)|(?:ber|ter|per)(?![aeiou])|ber|ter|pe|me|di|ke|se"), ""),
    (re.compile("ny(?=[aeiou])"), "s"),
    (re.compile("ng(?=e)"), "k"),
    (re.compile("ng(?=[aeiou])"), ""),
    (re.compile("n(?=[aeiou])"), "t"),
)
_SHORTEST_ROOT = 4


def tokens(text: str, limit: int = MAX_TOKENS) -> list[str]:
    """The words and numbers of the text in order, in lower case without accents; at most `limit` of them."""
    plain = without_inkless(unicodedata.normalize("NFKD", visible(text))).casefold()
    return [match.group()[:_MAX_TOKEN_LENGTH] for match in islice(_TOKEN.finditer(plain), limit)]


def content_words(text: str, limit: int) -> list[str]:
    """The first `limit` words that carry meaning, in order, without affixes and with synonyms read as one word."""
    found: list[str] = []
    for token in tokens(_CLOCK.sub(" ", visible(text))):
        word = _canonical(token)
        if word:
            found.append(word)
        if len(found) == limit:
            break
    return found


def _canonical(token: str) -> str:
    """The word that stands for the token in comparisons; empty where the token says nothing about the matter."""
    if token.isdecimal():
        return token.lstrip("0")
    for form in (token, _without_ending(token, _ENCLITICS, 3)):
        if form in _STOP_WORDS or len(form) < 2:
            return ""
        if form in _SYNONYMS:
            return _SYNONYMS[form]
    root = _root(form)
    return "" if root in _STOP_WORDS else _SYNONYMS.get(root, root)


def _root(word: str) -> str:
    """A rough root. It need not be the dictionary's, only the same one for all the forms of a word."""
    stem = _without_ending(word, _SUFFIXES, _SHORTEST_ROOT)
    for prefix, swallowed in _PREFIXES:
        match = prefix.match(stem)
        if match and len(stem) - match.end() + len(swallowed) >= _SHORTEST_ROOT:
            stem = swallowed + stem[match.end() :]
            break
    return _without_open_end(stem)


def _without_open_end(stem: str) -> str:
    """Both -i (dipukul-i) and -kan or k-an (rongso-kan, rongsok-an) leave one letter open: long roots drop it."""
    return stem[:-1] if len(stem) > 5 and stem[-1] in "ik" else stem


def _without_ending(word: str, endings: Iterable[str], shortest: int) -> str:
    for ending in endings:
        if word.endswith(ending) and len(word) - len(ending) >= shortest:
            return word[: -len(ending)]
    return word


_SYNONYMS = {
    form: line.split()[0]
    for line in _SYNONYM_LINES.strip().splitlines()
    for word in line.split()
    for form in (word, _root(word), _without_open_end(word))
}

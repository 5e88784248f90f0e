"""Whether a text says plainly that the matter is another agency's, and whether it speaks of crime or danger.

Both lists err on one side: a crime taken for a broken lamp is worse than a broken lamp that reaches a desk. So the
signs of crime and danger are wide, and those of another agency need two words that belong together.
"""

import re
from typing import Literal

from services.verification.words import tokens

Agency = Literal["pln", "pdam", "pupr", "dukcapil", "disnaker", "bpn", "dinsos", "bpjs", "dlh", "telecom", "education"]

_MAX_WORDS_READ = 1_000
_MOST_WORDS_BETWEEN = 4

# Roots that hardly any harmless word contains, so they count with every prefix and ending: pen-curi-an, ke-maling-an.
_ROOTS = """
curi maling colong gondol rampok begal jambret copet rampas todong nodong bobol tipu nipu menipu gelapkan
penggelapan aniaya pemukulan memukul dipukul mukulin pukulin hajar keroyok ngeroyok tampar nampar tendang
nendang tusuk nusuk tikam nikam bacok tembak nembak bunuh celurit golok sajam senjata pistol senpi samurai
luka darah ancam teror intimidasi memeras diperas pemerasan pungli palak premanis preman suap sogok korup
gratifikasi perkosa cabul leceh sodomi diraba meraba telanjang bugil porno asusila mesum kdrt siksa nyiksa
culik sekap sandera narkoba narkotik tramadol ekstasi judi togel sabung miras mabuk mabok tawur bentrok rusuh
ricuh serang nyerang berantem cekcok bertengkar keributan palsu hoaks hoax fitnah hina cemar kebencian penadah
sengketa utang merusak dirusak perusak pengrusak bakar ledak korslet konslet hangus celaka tabrak nabrak
serempet lindas guling jatuh perosok korban tewas meninggal mayat jenazah pingsan sekarat tenggelam hanyut
banjir longsor roboh tumbang ambruk runtuh sengat setrum setrom bahaya darurat nyawa jebak jepit hilang odgj
racun terlantar telantar stolen theft thief thieves robb burglar assault attack knife kill dead injur hurt
accident crash smoke explo drown missing rape threat fraud scam drug fight danger emergenc blood kidnap bomb
weapon abuse prostitusi pedofil intip kuntit gigit ilegal timbun stalk
"""
# Words and phrases that count only whole; "sabu" is not in "sabun", nor "calo" in "calon".
_WHOLE = """
api|asap|bom|calo|ciu|tuak|dead|fire|gun|ganja|geng|genk|gangster|laka|lakalantas|sabu|sabu sabu|pisau|parang
badik|tppo|bayi|kritis|takut|gempa|oknum|propam|tilang|skck|stnk|bpkb|sim|polantas|polri|penyidik|sp 2 hp
kelahi|berkelahi|perkelahian|gas bocor|bau gas|ular|sesak napas|kejang
surat kehilangan|debt collector|bunuh diri|gantung diri|obat keras|pil koplo|help me
"""
_SIGNS = re.compile(
    rf"\b(?:\w{{0,7}}(?:{'|'.join(_ROOTS.split())})\w*|(?:{'|'.join(_WHOLE.strip().splitlines())})\b)",
)

# For each agency, pairs of what it looks after and what is wrong with it.
_MATTERS: tuple[tuple[Agency, str, str], ...] = (
    (
        "pln",
        "listrik|pln|trafo|gardu|lampu",
        "padam|mati|pemadaman|byarpet|redup|anjlok|tagihan|token|meteran|tegangan",
    ),
    ("pln", "electricity|power", "out|outage|off|cut|bill"),
    ("pdam", "air|pdam|ledeng|pam|pipa", "mati|keruh|kotor|mengalir|keluar|macet|bocor|tagihan|bau|kecil|kering"),
    ("pdam", "water", "off|cut|bill|dirty|supply"),
    ("pupr", "jalan|jembatan|aspal|trotoar", "rusak|berlubang|lubang|bolong|ambles|retak|becek|diaspal|pengaspalan"),
    ("pupr", "drainase|selokan|gorong|saluran", "mampet|tersumbat|sumbat|dangkal|meluap|rusak"),
    ("pupr", "road|street", "pothole|potholes|damaged|broken"),
    (
        "dukcapil",
        "ktp|ektp|kk|kartu keluarga|akta|akte|kia|kartu tanda penduduk",
        "belum jadi|belum selesai|dicetak|cetak|blangko|blanko|urus|mengurus|pengurusan|membuat|buat|bikin|pindah|"
        "perpanjang|syarat|persyaratan|kapan jadi|lama jadi|rusak",
    ),
    ("disnaker", "lowongan|loker|lamaran|cari", "kerja|kerjaan|pekerjaan|pabrik|info"),
    ("disnaker", "gaji|upah|thr|pesangon|umr|umk|lembur", "belum|tidak|telat|terlambat|dibayar|dibawah|kurang"),
    ("disnaker", "kartu kuning|ak 1|job|vacancy", "urus|membuat|buat|bikin|syarat|vacancy|looking|info"),
    ("bpn", "sertifikat|sertipikat|ptsl|balik nama", "belum jadi|belum selesai|urus|mengurus|syarat|lama|tanah"),
    ("dinsos", "bansos|blt|pkh|sembako|bantuan sosial", "belum|tidak|daftar|terdaftar|dapat|cair|kapan"),
    ("bpjs", "bpjs|jkn|kis", "aktif|nonaktif|nunggak|tunggakan|iuran|daftar|antre|antri|rujukan|ditolak"),
    ("dlh", "sampah", "menumpuk|numpuk|diangkut|angkut|bau|berserakan"),
    ("telecom", "internet|wifi|sinyal|indihome|jaringan", "lambat|lemot|mati|gangguan|putus|lelet"),
    ("education", "ppdb|zonasi|sekolah", "daftar|pendaftaran|kuota|jalur|zonasi|ppdb"),
)


def _together(thing: str, trouble: str) -> re.Pattern[str]:
    between = rf"(?: \w+){{0,{_MOST_WORDS_BETWEEN}}} "
    return re.compile(rf"\b(?:(?:{thing}){between}(?:{trouble})|(?:{trouble}){between}(?:{thing}))\b")


_OTHERS = tuple((agency, _together(thing, trouble)) for agency, thing, trouble in _MATTERS)


def speaks_of_crime_or_danger(text: str) -> bool:
    """Whether any word may be about a crime, a danger, a conflict or the police itself. Wide on purpose."""
    return _SIGNS.search(_plain(text)) is not None


def other_agency(text: str) -> Agency | None:
    """The agency whose matter the text plainly describes, whatever else it says."""
    plain = _plain(text)
    return next((agency for agency, matter in _OTHERS if matter.search(plain)), None)


def _plain(text: str) -> str:
    return " ".join(tokens(text, _MAX_WORDS_READ))

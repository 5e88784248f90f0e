"""Reports to load the system with: invented, clear enough to go the whole way by themselves, and never two alike."""

import json
import random
from datetime import UTC, datetime, timedelta

# Centres of the sample office's villages.
_PLACES = (
    ("99.01.01.1001", -6.6216, 107.3690),
    ("99.01.01.2001", -6.6225, 107.3916),
    ("99.01.01.2002", -6.6231, 107.4203),
    ("99.01.01.2003", -6.6248, 107.4414),
    ("99.01.02.1001", -6.5985, 107.3702),
    ("99.01.02.2001", -6.6004, 107.3929),
    ("99.01.02.2002", -6.6005, 107.4195),
    ("99.01.02.2003", -6.6024, 107.4414),
    ("99.01.03.2001", -6.5779, 107.3700),
    ("99.01.03.2002", -6.5808, 107.3933),
    ("99.01.03.2003", -6.5820, 107.4176),
    ("99.01.03.2004", -6.5796, 107.4397),
)
_TEXTS = (
    "Ada bandar sabu menjual narkoba di {b} dekat {a}, pembelinya datang naik {c}.",
    "Rekan usaha {b} menggelapkan uang hasil penjualan {a} dan {c} milik kami.",
    "Ada judi sabung ayam di {b} setiap minggu, taruhannya {a} dan {c}.",
)
_WORDS = [
    "angklung",
    "bakul",
    "celengan",
    "dandang",
    "ember",
    "figura",
    "galon",
    "hasta",
    "impor",
    "jerigen",
    "kompor",
    "lampion",
    "mangkok",
    "nampan",
    "oncom",
    "panci",
    "quran",
    "rantang",
    "sangku",
    "tampah",
    "ulekan",
    "vas",
    "wajan",
    "yoyo",
    "zebra",
    "arang",
    "benang",
    "cobek",
    "dipan",
    "engsel",
    "gergaji",
    "hordeng",
    "intan",
    "jarum",
    "karung",
    "linggis",
    "meja",
    "nyiru",
    "obeng",
    "paku",
    "ragi",
    "sekop",
    "tikar",
    "umpan",
    "wadah",
    "kelapa",
    "kopi",
    "lada",
    "madu",
    "nanas",
    "padi",
    "rambutan",
]
_DAYS = 2_800  # so far back do incidents lie, so that the check for duplicates has few to compare, and finds few alike


def reports(count: int, seed: int) -> list[bytes]:
    """Bodies for `POST /complaints`; the same seed gives the same texts and places."""
    chance = random.Random(seed)
    now = datetime.now(UTC)
    return [_report(chance, now) for _ in range(count)]


def emergency(nth: int) -> bytes:
    """The body of a report that a 110 operator writes down: a robbery that is happening."""
    village, latitude, longitude = _PLACES[nth % len(_PLACES)]
    return json.dumps(
        {
            "what": "Tolong, minimarket sedang dirampok, dua orang bawa celurit menodong kasir minta uang.",
            "where": {"text": f"minimarket nomor {nth}", "village": village, "lat": latitude, "lon": longitude},
            "in_progress": True,
            "reporter": {"name": "Warga Contoh", "phone": f"+62813{nth:08}"},
        }
    ).encode()


def _report(chance: random.Random, now: datetime) -> bytes:
    village, latitude, longitude = chance.choice(_PLACES)
    a, b, c = chance.sample(_WORDS, 3)
    when = now - timedelta(seconds=chance.uniform(4 * 86_400, _DAYS * 86_400))
    return json.dumps(
        {
            "channel": "web",
            "what": chance.choice(_TEXTS).format(a=a, b=b, c=c),
            "where": {
                "text": f"dekat {c}",
                "village": village,
                "lat": round(latitude + chance.uniform(-0.004, 0.004), 6),
                "lon": round(longitude + chance.uniform(-0.004, 0.004), 6),
            },
            "when": when.isoformat(timespec="seconds"),
            "reporter": {"name": "Warga Contoh", "phone": f"+62812{chance.randrange(10**8):08}"},
        }
    ).encode()

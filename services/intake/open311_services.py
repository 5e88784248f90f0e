"""What can be reported through Open311: categories of the taxonomy in the public's words, and which of them may show.

A third party's app is no place for what is urgent or touches somebody's body or family: those are not offered. Of what
is offered, only nuisances that anybody can see from the street are in the public list. A copy of the names, since
services do not read each other's files; a test holds the codes to the taxonomy.
"""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Service:
    """A service as GeoReport lists it. `public`: requests of it may show in the public list."""

    code: str
    name: str
    description: str
    group: str
    keywords: tuple[str, ...]
    public: bool = False


_ORDER, _PROPERTY, _ONLINE = "Ketertiban umum", "Harta benda", "Penipuan dan dunia maya"

SERVICES: tuple[Service, ...] = (
    Service("noise", "Kebisingan", "Suara keras atau keributan yang mengganggu.", _ORDER, ("bising", "musik"), True),
    Service(
        "parking_traffic", "Parkir liar atau kemacetan", "Kendaraan yang menghalangi jalan.", _ORDER, ("parkir",), True
    ),
    Service("illegal_racing", "Balap liar", "Balap liar atau knalpot brong.", _ORDER, ("balapan", "knalpot"), True),
    Service(
        "juvenile_nuisance",
        "Kenakalan remaja, petasan, hewan ternak",
        "Gangguan oleh remaja, petasan atau hewan ternak.",
        _ORDER,
        ("petasan", "ternak"),
        True,
    ),
    Service("public_intoxication", "Mabuk di tempat umum", "Minum miras di tempat umum.", _ORDER, ("miras",), True),
    Service(
        "outside_authority",
        "Lain-lain",
        "Hal yang bukan urusan kepolisian; kami teruskan.",
        "Lainnya",
        ("informasi",),
        True,
    ),
    Service("gambling", "Perjudian", "Perjudian di tempat atau daring.", _ORDER, ("judi",)),
    Service("theft", "Pencurian", "Barang dicuri tanpa kekerasan.", _PROPERTY, ("maling",)),
    Service("vehicle_theft", "Pencurian kendaraan", "Motor atau mobil dicuri.", _PROPERTY, ("curanmor", "motor")),
    Service("burglary", "Pembobolan", "Rumah atau toko dibobol.", _PROPERTY, ("maling", "rumah")),
    Service("property_damage", "Perusakan barang", "Barang atau bangunan dirusak.", _PROPERTY, ("vandalisme",)),
    Service("embezzlement", "Penggelapan", "Barang titipan atau sewaan dibawa lari.", _PROPERTY, ("rental",)),
    Service("fraud", "Penipuan", "Ditipu dalam jual beli atau perjanjian.", _ONLINE, ("tipu",)),
    Service("online_fraud", "Penipuan daring", "Ditipu lewat internet, pinjol ilegal.", _ONLINE, ("pinjol", "online")),
    Service(
        "environmental_crime",
        "Pencemaran atau tambang liar",
        "Limbah, tambang atau penimbunan BBM ilegal.",
        "Lingkungan",
        ("limbah", "tambang"),
    ),
)

BY_CODE = {service.code: service for service in SERVICES}
PUBLIC = frozenset(service.code for service in SERVICES if service.public)

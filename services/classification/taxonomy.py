"""The categories of complaints that a Polres handles, read from the text of a CSV file that the Polres may edit.

Row numbers in errors are line numbers of the file; line 1 is the header.
"""

import csv
import io
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final, Literal, TypeVar, get_args

from shared.contracts.complaint import MediationRule, Track, Urgency

T = TypeVar("T")

Criminality = Literal["yes", "no", "minor", "mixed", "on complaint", "disciplinary"]
Condition = Literal[
    "always",
    "in_progress",
    "injured",
    "armed",
    "perpetrator_near",
    "victim_held",
    "child",
    "vulnerable",
    "recent_transfer",
    "unrest",
    "forced_seizure_now",
    "danger",
    "violence",
]

_URGENCIES: Final[Mapping[str, Urgency]] = MappingProxyType({value: value for value in get_args(Urgency)})
_TRACKS: Final[Mapping[str, Track]] = MappingProxyType({value: value for value in get_args(Track)})
_CRIMINALITIES: Final[Mapping[str, Criminality]] = MappingProxyType({value: value for value in get_args(Criminality)})

# What the column urgent_when may say, and the conditions of which any one is enough.
CONDITIONS: Final[Mapping[str, tuple[Condition, ...]]] = MappingProxyType(
    {
        "always": ("always",),
        "in progress": ("in_progress",),
        "happening now": ("in_progress",),
        "injured": ("injured",),
        "armed": ("armed",),
        "nearby": ("perpetrator_near",),
        "victim held": ("victim_held",),
        "child": ("child",),
        "impaired person": ("vulnerable",),
        "transfer within 24 hours": ("recent_transfer",),
        "unrest likely": ("unrest",),
        "forced seizure now": ("forced_seizure_now",),
        "danger to self or others": ("danger", "armed", "injured"),
        "violence": ("violence",),
    }
)

MEDIATION_RULES: Final[Mapping[str, MediationRule]] = MappingProxyType(
    {
        "never": "never",
        "PPA approval": "ppa_approval",
        "restorative only": "restorative_only",
        "allowed": "allowed",
    }
)

STRICTNESS: Final[Mapping[MediationRule, int]] = MappingProxyType(
    {"allowed": 0, "restorative_only": 1, "ppa_approval": 2, "never": 3}
)

# The tracks on which a complaint ends by agreement or by a talk, without an investigation.
SETTLING_TRACKS: Final[frozenset[Track]] = frozenset({"mediation", "guidance"})

POLICE_MISCONDUCT: Final = "police_misconduct"
OUTSIDE_AUTHORITY: Final = "outside_authority"
# The taxonomy has no row for terrorism. Its reports go to the row whose unit is Intelkam and that is never mediated.
TERRORISM_CARRIER: Final = "hate_or_hoax"

# A Polres may edit the file, but not below these: a laxer rule than the one named here is refused.
GUARD_RAILS: Final[Mapping[str, MediationRule]] = MappingProxyType(
    {
        "homicide": "never",
        "sexual_violence": "never",
        "corruption": "never",
        TERRORISM_CARRIER: "never",
        POLICE_MISCONDUCT: "never",
        "domestic_violence": "ppa_approval",
        "child_abuse": "ppa_approval",
        "trafficking": "ppa_approval",
    }
)
REQUIRED: Final = frozenset({*GUARD_RAILS, OUTSIDE_AUTHORITY})

COLUMNS: Final = (
    "code",
    "nama",
    "english",
    "criminal",
    "legal_basis",
    "urgency",
    "urgent_when",
    "track",
    "mediation",
    "unit",
    "partners",
)
_CODE: Final = re.compile(r"[a-z][a-z_]{1,39}")


class TaxonomyError(ValueError):
    """The file is not a usable taxonomy; says which row and column."""

    def __init__(self, row: int, column: str, problem: str) -> None:
        super().__init__(f"taxonomy row {row}, column {column}: {problem}")
        self.row = row
        self.column = column


@dataclass(frozen=True, slots=True)
class UrgentWhen:
    """Any one of the conditions raises the complaint to this urgency."""

    conditions: tuple[Condition, ...]
    urgency: Urgency


@dataclass(frozen=True, slots=True)
class Category:
    """One row of the taxonomy."""

    code: str
    name_id: str
    name_en: str
    criminal: Criminality
    legal_basis: str
    urgency: Urgency
    urgent_when: tuple[UrgentWhen, ...]
    tracks: tuple[Track, ...]
    mediation: MediationRule
    units: tuple[str, ...]
    partners: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Taxonomy:
    """All categories by their code, in the order of the file."""

    by_code: Mapping[str, Category]

    def __getitem__(self, code: str) -> Category:
        return self.by_code[code]

    def __contains__(self, code: object) -> bool:
        return code in self.by_code

    def __iter__(self) -> Iterator[Category]:
        return iter(self.by_code.values())


def parse_taxonomy(text: str) -> Taxonomy:
    """Read a taxonomy from CSV text; raises TaxonomyError naming the row and the column."""
    rows = csv.reader(io.StringIO(text.removeprefix("\ufeff"), newline=""), strict=True)
    try:
        _check_header(next(rows, []))
        categories: dict[str, Category] = {}
        for cells in rows:
            if not cells:
                continue
            category = _category(rows.line_num, cells)
            if category.code in categories:
                raise TaxonomyError(rows.line_num, "code", f"{category.code!r} occurs twice")
            categories[category.code] = category
    except csv.Error as error:
        raise TaxonomyError(rows.line_num, "-", f"not valid CSV: {error}") from error
    missing = sorted(REQUIRED - categories.keys())
    if missing:
        raise TaxonomyError(rows.line_num, "code", f"the file ends without {', '.join(missing)}, which rules rely on")
    return Taxonomy(MappingProxyType(categories))


def _check_header(header: list[str]) -> None:
    for column in COLUMNS:
        if column not in header:
            raise TaxonomyError(1, column, "this column is missing from the header")
    if tuple(header) != COLUMNS:
        raise TaxonomyError(1, "-", f"the columns must be {','.join(COLUMNS)}")


def _category(row: int, cells: list[str]) -> Category:
    if len(cells) != len(COLUMNS):
        raise TaxonomyError(row, "-", f"{len(cells)} cells where {len(COLUMNS)} are due")
    cell = {column: value.strip() for column, value in zip(COLUMNS, cells, strict=True)}
    if not _CODE.fullmatch(cell["code"]):
        raise TaxonomyError(row, "code", f"{cell['code']!r} is not lower-case letters and underscores")
    for column in ("nama", "english", "unit"):
        if not cell[column]:
            raise TaxonomyError(row, column, "must not be empty")
    category = Category(
        code=cell["code"],
        name_id=cell["nama"],
        name_en=cell["english"],
        criminal=_known(row, "criminal", cell["criminal"], _CRIMINALITIES),
        legal_basis=cell["legal_basis"],
        urgency=_known(row, "urgency", cell["urgency"], _URGENCIES),
        urgent_when=_urgent_when(row, cell["urgent_when"], cell["urgency"]),
        tracks=tuple(_known(row, "track", name, _TRACKS) for name in _listed(row, "track", cell["track"], "+")),
        mediation=_known(row, "mediation", cell["mediation"], MEDIATION_RULES),
        units=_listed(row, "unit", cell["unit"]),
        partners=_listed(row, "partners", cell["partners"]),
    )
    _check_guard_rails(row, category)
    return category


def _known(row: int, column: str, value: str, allowed: Mapping[str, T]) -> T:
    if value not in allowed:
        raise TaxonomyError(row, column, f"{value!r} is not one of {', '.join(sorted(allowed))}")
    return allowed[value]


def _listed(row: int, column: str, value: str, separator: str = ";") -> tuple[str, ...]:
    parts = tuple(part.strip() for part in value.split(separator)) if value else ()
    if "" in parts or len(set(parts)) != len(parts):
        raise TaxonomyError(row, column, f"{value!r} has an empty or a repeated part")
    return parts


def _urgent_when(row: int, value: str, default: str) -> tuple[UrgentWhen, ...]:
    """Read rules such as 'in progress or injured: P1; armed: P2', or 'always' for the row's own urgency."""
    if value == "always":
        return (UrgentWhen(("always",), _known(row, "urgency", default, _URGENCIES)),)
    return tuple(_urgent_rule(row, part) for part in _listed(row, "urgent_when", value))


def _urgent_rule(row: int, rule: str) -> UrgentWhen:
    when, colon, urgency = rule.partition(":")
    if not colon:
        raise TaxonomyError(row, "urgent_when", f"{rule!r} is not of the form 'condition: P1'")
    # A condition may itself contain the word "or", so the whole is looked up before it is taken apart.
    names = (when.strip(),) if when.strip() in CONDITIONS else tuple(name.strip() for name in when.split(" or "))
    found = [condition for name in names for condition in _known(row, "urgent_when", name, CONDITIONS)]
    return UrgentWhen(tuple(dict.fromkeys(found)), _known(row, "urgent_when", urgency.strip(), _URGENCIES))


def _check_guard_rails(row: int, category: Category) -> None:
    floor = GUARD_RAILS.get(category.code, "allowed")
    if STRICTNESS[category.mediation] < STRICTNESS[floor]:
        raise TaxonomyError(row, "mediation", f"{category.code} may not be laxer than {floor!r}")
    if not category.tracks:
        raise TaxonomyError(row, "track", "must not be empty")
    if category.mediation != "allowed" and SETTLING_TRACKS.intersection(category.tracks):
        raise TaxonomyError(row, "track", "mediation and guidance need a row whose mediation is 'allowed'")
    if (category.code == POLICE_MISCONDUCT) != ("internal_affairs" in category.tracks):
        raise TaxonomyError(row, "track", f"internal_affairs belongs to {POLICE_MISCONDUCT} and to it only")
    if category.code == POLICE_MISCONDUCT and len(category.tracks) > 1:
        raise TaxonomyError(row, "track", f"{POLICE_MISCONDUCT} goes to internal_affairs alone, so it stays hidden")

"""The pages that a person's menu leads to: those that the policy table opens to a role of theirs."""

from dataclasses import dataclass

from shared.contracts.envelope import Person
from shared.languages import marked
from shared.policy import Scope, policy, rules_of


@dataclass(frozen=True, slots=True)
class Entry:
    """A page and what it is called. With a `scope` it stands in the menu of those alone to whom it opens that much."""

    path: str
    words: str
    scope: Scope | None = None

    @property
    def service(self) -> str:
        return self.path.split("/")[1]


MENU = (
    Entry("/portal/desk", marked("Meja kerja")),
    Entry("/intake/counter", marked("Loket SPKT")),
    Entry("/intake/call", marked("Telepon 110")),
    Entry("/notification/worklist", marked("Kabar yang tidak sampai")),
    Entry("/verification/worklist", marked("Verifikasi")),
    Entry("/classification/worklist", marked("Klasifikasi")),
    Entry("/investigation/worklist", marked("Penyidikan")),
    Entry("/investigation/patrols", marked("Patroli")),
    Entry("/investigation/roster", marked("Penyidik dan patroli")),
    Entry("/mediation/worklist", marked("Mediasi")),
    Entry("/mediation/mediators", marked("Petugas desa")),
    Entry("/referral/worklist", marked("Rujukan")),
    Entry("/internal_affairs/worklist", marked("Propam")),
    Entry("/internal_affairs/examiners", marked("Daftar pemeriksa")),
    Entry("/evaluation/overview", marked("Ringkasan")),
    Entry("/evaluation/board", marked("Evaluasi")),
    # Whoever is to put a finding right is told on their desk; for the others there is nothing on that page.
    Entry("/evaluation/actions", marked("Temuan"), "office"),
)


def entries(person: Person) -> tuple[Entry, ...]:
    """The pages that this person may open, in the order of a report's way."""
    return tuple(entry for entry in MENU if _may(person, entry))


def _may(person: Person, entry: Entry) -> bool:
    if entry.service not in policy().services:
        return False
    rule = rules_of(entry.service).get(f"GET {entry.path}")
    may = rule.may if rule else {}
    return any(role in person.roles and entry.scope in (None, scope) for role, scope in may.items())

"""The rules at work: opening narratives, having them scored, and holding officers to what the taxonomy allows."""

import asyncio
from collections.abc import Sequence
from dataclasses import asdict
from typing import Any

from services.classification.domain import Matter, Proposal
from services.classification.lexicon import Lexicon, parse_lexicon
from services.classification.rules import Suggestion, classify_text
from services.classification.scoring import Scorer, WordScorer
from services.classification.settings import ClassificationSettings
from services.classification.taxonomy import POLICE_MISCONDUCT, SETTLING_TRACKS, Category, Taxonomy, parse_taxonomy
from shared.contracts.classification import Classification
from shared.contracts.complaint import Track, Urgency
from shared.contracts.envelope import Envelope, Person
from shared.contracts.refusals import Invalid
from shared.contracts.verification import ComplaintVerified
from shared.sealing import Vault

PPA_APPROVER = "ppa_approver"


class Judgement:
    """The taxonomy, the lexicon and the scorer of this office. A learnt model would take the scorer's place."""

    def __init__(self, taxonomy: Taxonomy, lexicon: Lexicon, scorer: Scorer) -> None:
        self.taxonomy = taxonomy
        self._lexicon = lexicon
        self._scorer = scorer

    @classmethod
    def load(cls, settings: ClassificationSettings) -> "Judgement":
        """Raises TaxonomyError or LexiconError, which name the place in the file."""
        taxonomy = parse_taxonomy(settings.taxonomy.read_text("utf-8"))
        lexicon = parse_lexicon(settings.lexicon.read_text("utf-8"), [category.code for category in taxonomy])
        return cls(taxonomy, lexicon, WordScorer())

    def suggest(self, text: str, *, in_progress: bool, hint: str | None) -> Suggestion:
        return classify_text(
            text,
            in_progress=in_progress,
            hint=hint,
            taxonomy=self.taxonomy,
            lexicon=self._lexicon,
            scorer=self._scorer,
        )

    def rule(
        self, actor: Person, category: str, urgency: Urgency | None, tracks: tuple[Track, ...] | None
    ) -> Classification:
        """An officer's choice as a classification. Raises Invalid, naming the field, where the taxonomy forbids it."""
        if category not in self.taxonomy:
            raise Invalid("unknown_category", "The taxonomy has no such category.", "category")
        row = self.taxonomy[category]
        chosen = tracks or row.tracks
        _check_tracks(row, chosen, actor)
        return Classification(
            category=row.code,
            urgency=urgency or row.urgency,
            tracks=chosen,
            mediation=row.mediation,
            units=row.units,
            partners=row.partners,
            confidence=1,
        )


def _check_tracks(row: Category, tracks: tuple[Track, ...], actor: Person) -> None:
    if row.code == POLICE_MISCONDUCT and tracks != ("internal_affairs",):
        raise Invalid("guard_rail", "A complaint about the police goes to internal affairs alone.", "tracks")
    if not SETTLING_TRACKS.intersection(tracks) or row.mediation == "allowed":
        return
    if row.mediation == "ppa_approval" and PPA_APPROVER in actor.roles:
        return
    detail = {
        "never": "This category is never settled by mediation or guidance.",
        "restorative_only": "This category may only be settled by restorative justice, within its investigation.",
        "ppa_approval": f"Settling this category needs the approval of the PPA unit (role {PPA_APPROVER}).",
    }[row.mediation]
    raise Invalid("guard_rail", detail, "tracks")


def _cautions(suggestion: Suggestion) -> tuple[str, ...]:
    """Why an officer should look. Empty where the rules are sure."""
    if not suggestion.needs_review:
        return ()
    kinds = ("terrorism", "guard_rail", "urgent_though_past", "unrecognised", "low_confidence", "text_cut")
    return tuple(kind for kind in kinds if any(reason.kind == kind for reason in suggestion.reasons))


def proposals(judgement: Judgement, vault: Vault) -> Any:
    """The gather step of a verified complaint: reads each narrative and has the rules propose."""

    async def propose(
        asked: Sequence[tuple[Envelope[ComplaintVerified], Matter | None]],
    ) -> list[Proposal]:
        found = []
        for message, case in asked:
            found.append(case.proposal if case else _propose(judgement, vault, message))
            # Scoring is pure work; between two texts others get their turn.
            await asyncio.sleep(0)
        return found

    return propose


def _propose(judgement: Judgement, vault: Vault, message: Envelope[ComplaintVerified]) -> Proposal:
    report = message.data.report
    sealed = report.sealed.narrative
    text = str(vault.open("narrative", message.subject, sealed).get("text", "")) if sealed else ""
    suggestion = judgement.suggest(text, in_progress=report.in_progress, hint=message.data.category_hint)
    # The words that led to it tell what the reporter wrote, so they rest under the narrative's seal.
    grounds = vault.seal("narrative", message.subject, {"reasons": [asdict(reason) for reason in suggestion.reasons]})
    return Proposal(
        Classification(
            category=suggestion.category,
            urgency=suggestion.urgency,
            tracks=suggestion.tracks,
            mediation=suggestion.mediation,
            units=suggestion.units,
            partners=suggestion.partners,
            confidence=suggestion.confidence,
        ),
        _cautions(suggestion),
        grounds,
    )

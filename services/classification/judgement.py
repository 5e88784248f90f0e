"""The rules at work: opening narratives, having them scored, and reading an officer's choice by the taxonomy."""

import asyncio
from collections.abc import Iterable, Sequence
from dataclasses import asdict

from services.classification.case import Matter, Proposal
from services.classification.highlight import Piece, pieces
from services.classification.lexicon import Lexicon, parse_lexicon
from services.classification.rules import ReasonKind, Suggestion, classify_text
from services.classification.scoring import Scorer, WordScorer
from services.classification.settings import ClassificationSettings
from services.classification.taxonomy import POLICE_MISCONDUCT, SETTLING_TRACKS, Category, Taxonomy, parse_taxonomy
from shared.contracts.classification import Classification
from shared.contracts.complaint import Track, Urgency
from shared.contracts.envelope import Envelope
from shared.contracts.refusals import Invalid
from shared.contracts.verification import ComplaintVerified
from shared.operation import Gather
from shared.sealing import Vault

# What a suggestion rests on. Any other kind of reason is one for an officer to look.
GROUNDS: frozenset[ReasonKind] = frozenset(
    {"words", "damped_words", "circumstance", "hint", "unknown_hint", "graver_rival"}
)


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

    def told(self, text: str, grounds: Iterable[str]) -> tuple[Piece, ...]:
        """A text in pieces, with the words of these grounds marked."""
        return pieces(text, grounds, self._lexicon.spellings)

    def choice(
        self, category: str, urgency: Urgency | None, tracks: tuple[Track, ...] | None, *, in_progress: bool
    ) -> Classification:
        """What an officer chooses as a classification; what is left out is the category's own.

        Raises Invalid for a category that the taxonomy does not have.
        """
        if category not in self.taxonomy:
            raise Invalid("unknown_category", "The taxonomy has no such category.", "category")
        row = self.taxonomy[category]
        urgency = urgency or _own_urgency(row, in_progress)
        return Classification(
            category=row.code,
            urgency=urgency,
            tracks=tracks or _own_tracks(row, urgency),
            mediation=row.mediation,
            units=row.units,
            partners=row.partners,
            confidence=1,
        )


def _own_urgency(row: Category, in_progress: bool) -> Urgency:
    raised = [rule.urgency for rule in row.urgent_when if in_progress and "in_progress" in rule.conditions]
    return min((row.urgency, *raised))


def _own_tracks(row: Category, urgency: Urgency) -> tuple[Track, ...]:
    """P1 means that somebody is sent now, but never a patrol to a complaint about the police."""
    if urgency != "P1" or {"dispatch", "internal_affairs"}.intersection(row.tracks):
        return row.tracks
    return (*(track for track in row.tracks if track not in SETTLING_TRACKS), "dispatch")


def _cautions(suggestion: Suggestion) -> tuple[str, ...]:
    """Why an officer should look. Empty where the rules are sure."""
    if not suggestion.needs_review:
        return ()
    return tuple(dict.fromkeys(reason.kind for reason in suggestion.reasons if reason.kind not in GROUNDS))


def proposals(judgement: Judgement, vault: Vault) -> Gather:
    """The gather step of a verified complaint: reads each narrative and has the rules propose."""

    async def propose(asked: Sequence[tuple[Envelope[ComplaintVerified], Matter | None]]) -> list[Proposal]:
        # Scoring takes as long as a stranger's text makes it; in a thread it keeps nobody else waiting.
        return await asyncio.to_thread(
            lambda: [case.proposal if case else _propose(judgement, vault, message) for message, case in asked]
        )

    return propose


def _propose(judgement: Judgement, vault: Vault, message: Envelope[ComplaintVerified]) -> Proposal:
    report = message.data.report
    if message.polres in report.conflicts:
        # Nobody of the office that it is about may look at it, so no officer can be asked.
        return Proposal(judgement.choice(POLICE_MISCONDUCT, None, None, in_progress=report.in_progress))
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

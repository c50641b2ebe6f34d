"""Which other party an act that names only one most likely has, by what the text has said so far."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING

from tertius.ledger.extract.parties import distinct

if TYPE_CHECKING:
    from collections.abc import Iterable

    from spacy.tokens import Token

    from tertius.ledger.extract.parties import Party, Passage

#: What each kind of evidence counts for. Set by hand; with half or twice of any one of them the F1 of pairs on the texts the
#: rules have seen changes by less than a hundredth (with twice LEAST by .015).
NEAR = 2.0  # the nearest other party before the act in its sentence
BESIDE = 1.3  # named anywhere in the sentence
SAME, OTHER = (
    0.8,
    0.8,
)  # share of the known side's dealings that were with this one: of the same temper, of the other
TOPIC = 1.0  # how often the text named it, the most named counting 1
RECENT = 0.5  # named in the sentence before
ROLE = 0.7  # how often it stood on this side of an act
TITLE = 0.5  # named in the title
BODY = 1.2  # taken off for a bloc or body: most acts are between states
LEAST = 0.9  # below this nobody is guessed


@dataclass(frozen=True, slots=True)
class Evidence:
    """What the text has said so far, by code."""

    named: dict[str, list[Party]]
    recent: set[str]
    partners: dict[tuple[str, bool], Counter[str]]  # dealings of a party, in conflict or not
    roles: Counter[str]  # how often a party stood on the missing side
    met: dict[str, Party]
    title: set[str]  # named in the first paragraph


def likeliest(
    evidence: Evidence,
    passage: Passage,
    trigger: Token,
    known: tuple[Party, ...],
    quoted: set[str],
    *,
    hostile: bool,
) -> tuple[Party, ...]:
    """The other side that is best supported, with those it is coordinated with; nobody where the support is weak.

    Parameters
    ----------
    known : the side that the sentence names.
    quoted : codes of those whose words these are; they are no side.
    hostile : whether the act is one of conflict.
    """
    taken = {p.code for p in known} | quoted
    near = _nearest(passage, trigger, taken)
    beside = {p.code: p for t in segment(trigger) for p in passage.named(t)}
    partners = _partners(evidence, known)
    most = max((len(n) for code, n in evidence.named.items() if code not in taken), default=1)
    roles = max(evidence.roles.values(), default=1) or 1
    best, top = "", LEAST
    for code in dict.fromkeys((*near, *beside, *partners, *evidence.named)):
        shares = partners.get(code, {})
        score = NEAR * (code in near) + BESIDE * (code in beside) + RECENT * (code in evidence.recent)
        score += SAME * shares.get(hostile, 0.0) + OTHER * shares.get(not hostile, 0.0)
        score += TOPIC * len(evidence.named.get(code, ())) / most + ROLE * evidence.roles[code] / roles
        score += TITLE * (code in evidence.title)
        score -= BODY * (len(code) > 3)
        if score > top and code not in taken:
            best, top = code, score
    if not best:
        return ()
    return near.get(best) or (
        (evidence.named[best][-1] if best in evidence.named else beside.get(best) or evidence.met[best]),
    )


def _nearest(passage: Passage, trigger: Token, taken: set[str]) -> dict[str, tuple[Party, ...]]:
    """Nearest other party before the trigger in its sentence, with those it is coordinated with."""
    for token in reversed([t for t in segment(trigger) if t.i < trigger.i]):
        known = passage.named(token) or (passage.own(token) if token.pos_ == "NOUN" else [])
        if token.dep_ != "amod" and any(p.code not in taken for p in known):
            listed = distinct(
                p for t in (token, *token.conjuncts) for p in passage.named(t) or passage.own(t)
            )
            free = tuple(p for p in listed if p.code not in taken)
            return {free[0].code: free}
    return {}


def segment(trigger: Token) -> list[Token]:
    """Tokens of the part of the sentence between semicolons in which a token stands."""
    found: list[Token] = []
    for token in trigger.sent:
        if token.lower_ == ";":
            if token.i > trigger.i:
                break
            found = []
        found.append(token)
    return found


def _partners(evidence: Evidence, known: Iterable[Party]) -> dict[str, dict[bool, float]]:
    """Share of the dealings of some parties that were with each other one: in conflict (True), and else."""
    found: dict[str, dict[bool, float]] = {}
    for kind in (True, False):
        dealings: Counter[str] = Counter()
        for party in known:
            dealings.update(evidence.partners.get((party.code, kind), {}))
        for code, times in dealings.items():
            found.setdefault(code, {})[kind] = times / dealings.total()
    return found

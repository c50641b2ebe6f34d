"""Speakers put in as an aside: "..., the embassy in Oslo said on Friday", "..., he added, while ...", "Tusk: ...".

Punctuation tells more than the parser here: an aside stands between commas, or between a comma and the end.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from tertius.ledger.extract.lexicon import cues, words
from tertius.ledger.extract.syntax import child, kids

if TYPE_CHECKING:
    from collections.abc import Iterator

    from spacy.tokens import Token

_NOMINAL = frozenset(("DET", "ADJ", "NOUN", "PROPN", "NUM", "PRON", "PART", "ADP"))
_LEAD = frozenset((",", '"', "”", "’", "'", "''", "–", "—", "»"))
_STOPS = frozenset((",", ".", ";", ":", "?", "!", "–", "—", '"', "“", "”"))
_TELLS = frozenset(("tell", "inform", "brief", "assure"))
# Words that begin what the reporter adds: "..., he said, after fighting resumed".
_BACKGROUND = frozenset(
    ("after", "as", "before", "since", "when", "following", "days", "weeks", "hours", "a")
)
_WHEN = words(
    "last late early this yesterday today earlier later monday tuesday wednesday thursday friday saturday sunday "
    "then separately recently also afterwards"
)


@dataclass(frozen=True, slots=True)
class Aside:
    """The word that names the speaker, the verb, and the words vouched for."""

    speaker: Token
    cue: Token
    tokens: tuple[Token, ...]
    name: tuple[Token, ...] = ()
    tail: tuple[Token, ...] = ()  # "reporters", "Reuters on Friday"


def asides(statement: list[Token]) -> Iterator[Aside]:
    """Speakers of one written sentence that are named by the way."""
    for place, token in enumerate(statement):
        if not _speaks(token):
            continue
        start, end = _name_start(statement, place), _tail_end(statement, place)
        if start is None or end is None or start == place:
            continue
        speaker = _head(statement[start:place])
        content = _content(statement, start, end)
        if speaker is not None and any(t.pos_ in ("VERB", "AUX") for t in content):
            name, tail = tuple(statement[start:place]), tuple(statement[place + 1 : end])
            yield Aside(speaker, token, tuple(content), name, tail)


def _speaks(token: Token) -> bool:
    verbs = cues("speech", "verbs")
    if token.pos_ in ("VERB", "AUX"):
        return token.lemma_ in verbs and token.tag_ in ("VBD", "VBZ", "VBP", "VBN")
    return (
        token.tag_ == "NNS" and token.lower_.removesuffix("s") in verbs
    )  # "the minister announces": taken for a noun


def _name_start(statement: list[Token], place: int) -> int | None:
    """Place where the speaker's name begins: after a comma or a closing quotation mark."""
    here = place - 1
    if here > 0 and statement[here].text == ",":  # "the minister, Winston Peters, announces"
        here = _before_apposition(statement, here)
    while here >= 0 and place - here < 16:
        token = statement[here]
        if token.text in _LEAD:
            return here + 1 if _may_begin(statement[here + 1]) else None
        joining = token.text in ("'s", "’s", "and", "-")
        if token.tag_ in ("WDT", "WP", "WRB") or (token.pos_ not in _NOMINAL and not joining):
            return None
        here -= 1
    return None


def _may_begin(token: Token) -> bool:
    """Whether a name can begin here: no "and the Taliban replied", no "as an inquiry confirmed"."""
    return token.pos_ not in ("ADP", "SCONJ") and token.lower_ not in ("and", "but", "as")


def _before_apposition(statement: list[Token], comma: int) -> int:
    for back in range(comma - 1, max(comma - 7, 0), -1):
        if statement[back].text == ",":
            return back - 1
        if statement[back].pos_ not in _NOMINAL:
            break
    return comma - 1


def _tail_end(statement: list[Token], place: int) -> int | None:
    """Place where the aside ends: "said | on Friday | .", "told | reporters | ,"; None if a clause follows."""
    here = place + 1
    if here < len(statement) and not _may_follow(statement[place], statement[here]):
        return None
    while here < len(statement) and here - place < 14:
        token = statement[here]
        if token.text in _STOPS:
            return here
        if token.pos_ in ("VERB", "AUX", "SCONJ", "CCONJ") or token.lower_ in (
            "that",
            "it",
            "he",
            "she",
            "they",
        ):
            return None
        here += 1
    return here if here == len(statement) else None


def _may_follow(verb: Token, token: Token) -> bool:
    if token.text in _STOPS:
        return True
    return verb.lemma_ in _TELLS or token.pos_ == "ADP" or token.lower_ in _WHEN


def _head(name: list[Token]) -> Token | None:
    """Head of a name: the last noun before its first preposition or comma."""
    nouns: list[Token] = []
    for token in name:
        if (token.pos_ == "ADP" or token.text == ",") and nouns:
            break
        if token.pos_ in ("NOUN", "PROPN", "PRON") and token.tag_ != "PRP$":
            nouns.append(token)
    return nouns[-1] if nouns else None


def _content(statement: list[Token], start: int, end: int) -> list[Token]:
    """Words on both sides of an aside, up to a semicolon, or to a clause that is joined on with its own subject."""
    first = max((i + 1 for i in range(start) if statement[i].text == ";"), default=0)
    last = min((i for i in range(end, len(statement)) if statement[i].text == ";"), default=len(statement))
    after = statement[end + 1 : last]
    if after and (after[0].lower_ in _BACKGROUND or (after[0].pos_ == "CCONJ" and _has_subject(after))):
        after = []
    return [*statement[first:start], *after]


def _has_subject(clause: list[Token]) -> bool:
    verb = next((t for t in clause if t.tag_ in ("VBD", "VBZ", "VBP", "MD")), None)
    verb = verb.head if verb is not None and verb.tag_ == "MD" else verb
    return verb is not None and any(
        c.dep_ in ("nsubj", "nsubjpass") and c.i >= clause[0].i for c in kids(verb)
    )


def headed(statement: list[Token]) -> Aside | None:
    """Speaker before a colon: "Tusk: Poland sent 300 tanks"."""
    colon = next((i for i, t in enumerate(statement[:7]) if t.text == ":"), 0)
    name, rest = statement[:colon], statement[colon + 1 :]
    if not name or any(t.pos_ not in ("PROPN", "NOUN", "DET", "ADJ", "PUNCT") for t in name):
        return None
    speaker = _head(name)
    clause = any(
        t.tag_ in ("VBD", "VBZ", "VBP", "MD") and child(t, "nsubj", "nsubjpass") is not None for t in rest
    )
    return Aside(speaker, statement[colon], tuple(rest)) if speaker is not None and clause else None

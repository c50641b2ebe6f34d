"""Whether the clause around a date speaks of what is to come: "will begin on 12 May", "runs until July".

No parse is needed: the verbs of the last stretch of words before the date decide, else the first after it.
"""

from __future__ import annotations

import re

_TO_COME = (
    r"will|shall|would|could|(?-i:may)|might|must|(?:has|have) (?:to|until)|(?:is|are|was|were) (?:to|about to)|plan(?:s|ned|ning)?|"
    r"expect(?:s|ed)?|scheduled|due|slated|pencilled in|earmarked|set (?:to|for)|to be \w+|upcoming|forthcoming|"
    r"(?:ready|willing|prepared|likely|poised|about|going) to|(?:hop|aim|want|intend|seek|need|look)(?:es|s|ing)? to|"
    r"expires?|lapses?|(?:begin|start|resume|convene|arrive|depart)s?|ends|leaves|takes? (?:effect|place)|"
    r"(?:comes?|enters?) into (?:force|effect)|(?:fall|come)s? due|runs? (?:out|until|to)|meets?|travels|resigns|retires|reopens|returns|deadline"
)
_VOW = r"(?:offer|invite|ask|threaten|promise|pledge|vow|agree|commit|decide)(?:s|d|ed)? to"
_DROPPED = r"(?:had been|was|were) (?:due|expected|scheduled|planned|supposed|meant)"
_DONE = (
    r"was|were|had|has|have|did|"
    r"met|held|said|told|sent|fell|slid|rose|gave|began|came|went|took|made|left|saw|bought|sold|won|lost|"
    r"struck|shot|broke|sank|led|paid|brought|built|spoke|wrote|drew|grew|flew|froze|chose|became|kept|"
    r"spent|sought|withdrew|lent|stood|laid|shrank|ran|hit|"
    r"(?!united|need|indeed|speed|proceed|succeed|exceed|hundred)\w{3,}ed"
)
_VERB = re.compile(rf"\b(?:{_DROPPED}|(?P<come>(?P<vow>{_VOW})|{_TO_COME})|{_DONE})\b", re.IGNORECASE)
_STRETCH = re.compile(r"[,:()—–]\s|\s(?:and|but|which|who|that|after|when|while|because|as)\s")
_SENTENCE = re.compile(r"[.;!?][\"”’]?\s")
_CLOSE = re.compile(
    r"\s*(?:\w+ly\s+|back\s+|only\s+|late\s+|early\s+)?(?:in|on|at|by|since|until|from|of|over|for)?\s*$"
)
_CONDITION = re.compile(r"\b(?:if|unless|once)\b", re.IGNORECASE)
_FIRM = re.compile(r"(?:was|were|had|said|told|did).*", re.IGNORECASE)
_CUE = re.compile(
    r"\b(since|before|after|until|by|from|till|through|for|to|no later than)(?:\s+the)?\s*$", re.IGNORECASE
)
_CUE_INSIDE = re.compile(r"(since|before|after|until|by|from|till|through|for|to)\b", re.IGNORECASE)
_LIMITS = ("before", "by", "until", "till", "no later than")


def cue(text: str, start: int) -> str:
    """Return the word that ties the date at `start` to the clause: since, before, until, for ...; may be empty."""
    hit = _CUE.search(text[:start]) or _CUE_INSIDE.match(text[start:])
    return hit.group(1).lower() if hit else ""


def looks_ahead(text: str, start: int, end: int) -> bool | None:
    """Whether the clause of the date at `start:end` is about what is to come; None where no verb tells."""
    clause = _SENTENCE.split(text[:start])[-1]
    stretches = _STRETCH.split(clause)
    rest = _SENTENCE.split(text[end:])[0]
    if len(stretches) > 1 and _verdict(stretches[-1]) is None:  # "warned that from December it would ..."
        own = _first(_STRETCH.split(rest)[0])
        if own is not None:
            return own
    for stretch in reversed(stretches):
        verdict = _verdict(stretch)
        if verdict is not None:
            return verdict
    if cue(text, start) in _LIMITS:  # "by Tuesday it had reopened", "by Tuesday it must reopen"
        hit = _VERB.search(rest)
        return hit is None or hit.group().lower() not in ("had", "was", "were")
    return _first(rest)


def _verdict(stretch: str) -> bool | None:
    """By a participle right before the date, else by any verb of what is to come, else by the last verb."""
    verbs = list(_VERB.finditer(stretch))
    if not verbs:
        return None
    last = verbs[-1]
    if _CONDITION.search(stretch):
        return True
    if last["come"] or _FIRM.fullmatch(last.group()) or _CLOSE.fullmatch(stretch, last.end()):
        return bool(last["come"])
    return any(v["come"] for v in verbs)


def _first(rest: str) -> bool | None:
    hit = _VERB.search(rest)
    return None if hit is None else bool(hit["come"]) and not hit["vow"]

"""The lexicon files, read once and turned into lookup tables; a key that means nothing is an error."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

FOLDER = Path(__file__).parent.parent / "lexicon"

# PLOVER 0.8: quadrant of each event type (1 verbal cooperation, 2 material cooperation, 3 verbal conflict,
# 4 material conflict).
QUAD = dict.fromkeys(("AGREE", "CONSULT", "SUPPORT", "CONCEDE"), 1)
QUAD |= dict.fromkeys(("COOPERATE", "AID", "RETREAT"), 2)
QUAD |= dict.fromkeys(("REQUEST", "ACCUSE", "REJECT", "THREATEN"), 3)
QUAD |= dict.fromkeys(("PROTEST", "SANCTION", "MOBILIZE", "COERCE", "ASSAULT"), 4)
EVENTS = tuple(QUAD)
HELP = frozenset({"AID", "COOPERATE", "SUPPORT"})


@dataclass(frozen=True, slots=True)
class Frame:
    """One entry of verbs.yaml or nouns.yaml; the files' headers say what the fields mean."""

    id: str
    event: str
    words: frozenset[str]
    noun: bool
    source: tuple[str, ...]
    target: tuple[str, ...]
    objects: frozenset[str] = frozenset()
    objects_in: frozenset[str] = frozenset()
    objects_subject: frozenset[str] = frozenset()
    compounds: frozenset[str] = frozenset()
    needs: str = "either"
    symmetric: bool = False
    absorbs: bool = False
    compound: bool = False
    self_target: bool = False
    alt: tuple[str, ...] = ()
    complement: str = ""
    mutual: str = ""
    avoid: frozenset[str] = frozenset()
    without: frozenset[str] = frozenset()
    near: frozenset[str] = frozenset()
    bare: bool = False
    mode: str = ""
    vm: str = ""
    modality: str = ""
    channel: str = ""
    stage: str = ""

    @property
    def material(self) -> bool:
        """Whether the act is a deed rather than words."""
        return self.vm == "material" if self.vm else QUAD[self.event] in (2, 4)


@cache
def read(name: str) -> Any:
    """One lexicon file as plain lists and dictionaries."""
    from ruamel.yaml import YAML

    return YAML(typ="safe").load((FOLDER / f"{name}.yaml").read_text(encoding="utf-8"))


def words(text: str | list[str] | None) -> frozenset[str]:
    """Words of a space-separated list."""
    return frozenset(text.split() if isinstance(text, str) else text or ())


@cache
def boilerplate_patterns() -> dict[str, list[re.Pattern[str]]]:
    """Patterns by kind of paragraph."""
    return {k: [re.compile(p, re.IGNORECASE) for p in v] for k, v in read("boilerplate").items()}


@cache
def frames(name: str) -> dict[str, tuple[Frame, ...]]:
    """Frames by lemma, in the order of the file (`verbs` or `nouns`)."""
    noun = name == "nouns"
    table: dict[str, list[Frame]] = {}
    for entry in read(name):
        frame = _frame(entry, noun=noun)
        for word in frame.words:
            table.setdefault(word, []).append(frame)
    return {word: tuple(found) for word, found in table.items()}


def _frame(entry: dict[str, Any], *, noun: bool) -> Frame:
    """Build one frame; a key that means nothing is an error, so that a slip in the file is seen."""
    known = dict(entry)
    subjects = words(known.pop("objects_subject", None)) | words(known.pop("subjects", None))
    frame = Frame(
        id=known.pop("id"),
        event=known.pop("event"),
        words=words(known.pop("nouns" if noun else "lemmas")),
        noun=noun,
        source=tuple(known.pop("source", ["nsubj"])),
        target=tuple(known.pop("target", ())),
        objects=words(known.pop("objects", None)),
        objects_in=words(known.pop("objects_in", None)),
        objects_subject=subjects,
        compounds=words(known.pop("compounds", None)),
        needs=known.pop("needs", "either"),
        symmetric=known.pop("symmetric", False),
        absorbs=known.pop("absorbs", False),
        compound=known.pop("compound", False),
        self_target=known.pop("self", False),
        alt=tuple(known.pop("alt", ())),
        complement=known.pop("complement", ""),
        mutual=known.pop("mutual", ""),
        avoid=words(known.pop("avoid", None)),
        without=words(known.pop("without", None)),
        near=words(known.pop("near", None)),
        bare=known.pop("bare", False),
        mode=known.pop("mode", ""),
        vm=known.pop("vm", ""),
        modality=known.pop("modality", ""),
        channel=known.pop("channel", ""),
        stage=known.pop("stage", ""),
    )
    if known or frame.event not in QUAD:
        raise ValueError(f"{frame.id}: unknown {sorted(known) or frame.event}")
    return frame


@cache
def cues(*path: str) -> frozenset[str]:
    """Words under a path of cues.yaml, for example `cues("speech", "verbs")`."""
    found = read("cues")
    for key in path:
        found = found[key]
    return words(found)

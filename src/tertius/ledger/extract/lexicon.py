"""The lexicon files, read once and turned into lookup tables; a key that means nothing is an error."""

from __future__ import annotations

import re
from dataclasses import dataclass, fields
from functools import cache
from pathlib import Path
from typing import Any

from tertius.errors import DataError, did_you_mean

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
    source: tuple[str, ...] = ("nsubj",)
    target: tuple[str, ...] = ()
    objects: frozenset[str] = frozenset()
    objects_in: frozenset[str] = frozenset()
    subjects: frozenset[str] = frozenset()
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
    unless_in: frozenset[str] = frozenset()
    near: frozenset[str] = frozenset()
    bare: bool = False
    future: bool = False
    mode: str = ""
    vm: str = ""
    modality: str = ""
    channel: str = ""
    stage: str = ""

    @property
    def material(self) -> bool:
        """Whether the act is a deed rather than words."""
        return self.vm == "material" if self.vm else QUAD[self.event] in (2, 4)


_KEYS = {"nouns": "words", "lemmas": "words", "self": "self_target"}  # as the files name them
_WORDS = ("words", "objects", "objects_in", "subjects", "compounds", "avoid", "without", "unless_in", "near")
_TUPLES = ("source", "target", "alt")
_NAMES = frozenset(f.name for f in fields(Frame)) - {"noun"}


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
def classes() -> dict[str, frozenset[str]]:
    """Nouns by class (classes.yaml), with the classes that a class holds written out."""
    raw: dict[str, str] = read("classes")
    problems: list[str] = []
    found = {name: _members(name, raw, (), problems) for name in raw}
    if problems:
        raise DataError(dict.fromkeys(problems))
    return found


def _members(
    name: str, raw: dict[str, str], above: tuple[str, ...], problems: list[str], where: str = ""
) -> frozenset[str]:
    """Words of one class; `above` are the classes that hold it, so that none holds itself."""
    if name in above:
        problems.append(f"classes.yaml: {name}: holds itself ({' > '.join((*above, name))})")
        return frozenset()
    if name not in raw:
        problems.append(f'{where}: unknown class "@{name}".{did_you_mean(name, list(raw))}')
        return frozenset()
    found: set[str] = set()
    for word in raw[name].split():
        inner = word.startswith("@")
        place = f"classes.yaml: {name}"
        found |= _members(word[1:], raw, (*above, name), problems, place) if inner else {word}
    return frozenset(found)


def expand(text: str | list[str] | None, where: str, problems: list[str]) -> frozenset[str]:
    """Words of a list in which "@money" stands for the words of a class; unknown ones go to `problems`."""
    found: set[str] = set()
    for word in words(text):
        if not word.startswith("@"):
            found.add(word)
        elif word[1:] in classes():
            found |= classes()[word[1:]]
        else:
            problems.append(f'{where}: unknown class "{word}".{did_you_mean(word[1:], list(classes()))}')
    return frozenset(found)


@cache
def frames(name: str) -> dict[str, tuple[Frame, ...]]:
    """Frames by lemma, in the order of the file (`verbs` or `nouns`)."""
    return tabled(read(name), name)


def tabled(entries: list[dict[str, Any]], name: str) -> dict[str, tuple[Frame, ...]]:
    """Build the frames of a file; all its mistakes are raised together, so that a slip is seen.

    Raises
    ------
    DataError : for a key, an event type or a class that does not exist, or an id that stands twice.
    """
    table: dict[str, list[Frame]] = {}
    problems: list[str] = []
    seen: set[str] = set()
    for entry in entries:
        frame = _frame(entry, f"{name}.yaml", problems)
        if frame.id in seen:
            problems.append(f"{name}.yaml: {frame.id}: stands twice")
        seen.add(frame.id)
        for word in frame.words:
            table.setdefault(word, []).append(frame)
    if problems:
        raise DataError(problems)
    return {word: tuple(found) for word, found in table.items()}


def _frame(entry: dict[str, Any], file: str, problems: list[str]) -> Frame:
    where = f"{file}: {entry.get('id', '(no id)')}"
    known = {_KEYS.get(key, key): value for key, value in entry.items()}
    problems += [
        f"{where}: unknown key {key}.{did_you_mean(key, sorted(_NAMES))}" for key in known.keys() - _NAMES
    ]
    problems += [f"{where}: lacks {key}" for key in ("id", "event", "words") if key not in known]
    problems += [
        f"{where}: unknown event {event}.{did_you_mean(event, EVENTS)}"
        for event in (known.get("event", ""), *known.get("alt", ()))
        if event and event not in QUAD
    ]
    values = {key: value for key, value in known.items() if key in _NAMES}
    values |= {key: expand(values[key], where, problems) for key in _WORDS if key in values}
    values |= {key: tuple(values[key]) for key in _TUPLES if key in values}
    empty: dict[str, Any] = {"id": "", "event": "", "words": frozenset()}
    return Frame(**(empty | values), noun=file == "nouns.yaml")


@cache
def cues(*path: str) -> frozenset[str]:
    """Words under a path of cues.yaml, for example `cues("speech", "verbs")`."""
    found = read("cues")
    for key in path:
        found = found[key]
    return words(found)

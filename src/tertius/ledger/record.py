"""One claim: who said what, via whom, when, about when, how much, and where it stands word for word.

One type serves both what the reader extracts from a text (a span, an event, actors) and what is entered by
hand (topic, value, channel, stage). A claim is frozen; a later reading is a further claim or version,
never an edit.
"""

from __future__ import annotations

import hashlib
import json
import re
from datetime import date as day
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, ValidationError, field_validator, model_validator

from tertius.errors import DataError

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

SCHEMA: Literal["tertius-claim/1"] = "tertius-claim/1"
#: Of a record that holds the text of its sentence, which a reader of the first version would refuse.
SCHEMA_QUOTED: Literal["tertius-claim/2"] = "tertius-claim/2"

Channel = Literal["open", "shielded", "aid", "security", "verbal"]
Stage = Literal[
    "denied",
    "discussed",
    "announced",
    "agreed",
    "financed",
    "shipped",
    "delivered",
    "suspended",
    "cancelled",
    "lapsed",
]
Relation = Literal[
    "same_event",
    "pledge_delivered_by",
    "contradicts",
    "tension",
    "updates",
    "relays",
    "corrects",
    "rejects",
    "accepts",
]
Legal = Literal["announced", "ordered", "in_force", "enjoined", "void"]

_DATE = re.compile(r"\d{4}(-\d{2}(-\d{2})?)?\Z")


def _partial_date(text: str) -> str:
    if text and not _DATE.match(text):
        raise ValueError(f'"{text}" is not a date; write 2021, 2021-02 or 2021-02-16')
    first_day(text)  # raises for 2021-13
    return text


class _Part(BaseModel):
    """Base of every part: nothing unknown passes, nothing changes afterwards."""

    model_config = ConfigDict(extra="forbid", frozen=True, populate_by_name=True, allow_inf_nan=False)


class Doc(_Part):
    """The document a claim stands in; `published` is metadata, `retrieved` the day it was read."""

    id: str
    sha256: str = ""
    publisher: str = ""
    url: str = ""
    title: str = ""
    published: str = ""
    retrieved: str = ""
    lang: str = "en"
    translated: bool = False


class Extent(_Part):
    """Half-open character positions in the document's text."""

    start: int = Field(ge=0)
    end: int = Field(ge=0)


class Span(Extent):
    """Positions with the verbatim text they hold."""

    text: str


class Actor(_Part):
    """One participant; `code` is ISO3, IGO:..., ORG:... or GRP:..., empty when it could not be resolved."""

    text: str
    code: str = ""
    sector: str = ""
    how: Literal["explicit", "metonym", "coref", "group"] = "explicit"


class EventDate(_Part):
    """When the event was, ISO partial dates (`2021`, `2021-02`, `2021-02-16`)."""

    text: str = ""
    start: str = ""
    end: str = ""
    precision: Literal["day", "week", "month", "quarter", "year", "period", "none"] = "none"
    basis: Literal["explicit", "doc_date", "doc_date_ordinal", "anaphoric", "none"] = "none"

    _dates = field_validator("start", "end")(_partial_date)


class Quantity(_Part):
    """A number as written (`text`) and as understood."""

    text: str
    value: float | None = None
    low: float | None = None
    high: float | None = None
    unit: str = ""
    measure: str = ""
    comparator: Literal["=", "~", ">", ">=", "<", "<="] = "="
    per: str = ""


class Source(_Part):
    """One link of the attribution chain: a newspaper, a spokesperson, an unnamed official, a tracker."""

    name: str
    code: str = ""
    kind: str = ""
    cue: str = ""
    span: Extent | None = None
    hedge: str = ""


class Support(_Part):
    """Whether the statement reports help from one party to others, and of what polarity."""

    giver: str = Field("", alias="from")
    to: tuple[str, ...] = ()
    polarity: Literal["support", "no_support", "mixed", "pressure", "none"] = "none"
    kind: str = ""


class Assertion(_Part):
    """A claim about the relation itself, for example predicate "tie_trend", value "deepening"."""

    predicate: str
    value: str | float | bool


class Link(_Part):
    """A relation of this claim to another, by id."""

    to: str
    relation: Relation


class Period(_Part):
    """What time the claim is about, ISO partial dates, both ends included."""

    start: str = ""
    end: str = ""
    text: str = ""

    _dates = field_validator("start", "end")(_partial_date)


class Interval(_Part):
    """Low, central and high in a unit; an end the speaker did not give ("more than 80 %") is missing."""

    low: float | None = None
    central: float | None = None
    high: float | None = None
    unit: str

    @model_validator(mode="after")
    def _ordered(self) -> Self:
        given = [x for x in (self.low, self.central, self.high) if x is not None]
        if not given:
            raise ValueError("an interval needs at least one of low, central, high")
        if given != sorted(given):
            raise ValueError(f"low <= central <= high does not hold: {given}")
        return self


class Claim(_Part):
    """One row of the ledger.

    Attributes
    ----------
    id : sha1 of doc, span, event and `key`; filled in when empty, refused when it does not match.
    key : tells apart several claims that share document, span and event (a slug in hand-entered files).
    sentence : where the span's sentence lies; a claim that a ledger has read holds its text, too.
    summary : the claim in the ledger's own words; empty for extracted records, whose words are `span.text`.
    said, about : the two dates. `said` falls back to the document's date; as-of filters go by it alone.
    value, topic : the number and the machine key of what it measures ("IRN.china_share_of_oil_exports").
    origin : who first established it ("Kpler"). `relay_of` is the id of the claim this one only passes on.
    basis : what the number rests on. "judgement" marks a number nobody measured.
    commitment : key shared by the stages of one pledge; `umbrella` marks a frame that must not be added up.
    measure, legal : policy measure and the legal state this claim gives it.
    computed_by : for mechanisms the package computes, the module that does.
    """

    schema_version: Literal["tertius-claim/1", "tertius-claim/2"] = Field(SCHEMA, alias="schema")
    id: str = ""
    key: str = ""
    doc: Doc
    span: Span | None = None
    sentence: Span | Extent | None = None
    type: Literal["event", "claim", "statistic", "statement", "condition"]
    summary: str = ""

    actors: tuple[Actor, ...] = ()
    recipients: tuple[Actor, ...] = ()
    third_parties: tuple[Actor, ...] = ()

    event: str = ""
    event_alt: tuple[str, ...] = ()
    plover_mode: str = ""
    contexts: tuple[str, ...] = ()
    cameo: str = ""
    quad: Literal[1, 2, 3, 4] | None = None
    intensity: float | None = None
    verbal_material: Literal["verbal", "material", ""] = ""
    modality: Literal[
        "act",
        "announcement",
        "pledge",
        "threat",
        "assertion",
        "evaluation",
        "forecast",
        "hypothetical",
        "open_question",
        "",
    ] = ""
    negated: bool = False
    degree: Literal["none", "little", "few", "limited", "substantial", "full", ""] = ""
    aspect: Literal["episodic", "ongoing", "durable", ""] = ""

    date: EventDate | None = None
    quantities: tuple[Quantity, ...] = ()
    attribution: tuple[Source, ...] = ()
    support: Support | None = None
    claim: Assertion | None = None

    supporter: str = ""
    target: str = ""
    channel: Channel | None = None
    stage: Stage | None = None
    said: str = ""
    about: Period | None = None
    value: Interval | None = None
    topic: str = ""
    origin: str = ""
    relay_of: str = ""
    basis: Literal["measured", "estimate", "reported", "official", "judgement", ""] = ""
    commitment: str = ""
    umbrella: bool = False
    measure: str = ""
    legal: Legal | None = None
    inventory: tuple[str, ...] = ()
    facts: tuple[str, ...] = ()
    computed_by: str = ""

    rule: str = ""
    confidence: float = Field(0.5, ge=0.0, le=1.0)
    links: tuple[Link, ...] = ()

    _said = field_validator("said")(_partial_date)

    @model_validator(mode="after")
    def _identify(self) -> Self:
        wanted = identity(self.doc.id, self.span, self.event, self.key)
        if not self.id:
            object.__setattr__(self, "id", wanted)
        elif self.id != wanted:
            raise ValueError(f"id {self.id} is not the hash of doc, span, event and key ({wanted})")
        quoted = isinstance(self.sentence, Span)
        object.__setattr__(self, "schema_version", SCHEMA_QUOTED if quoted else SCHEMA)
        return self

    @property
    def known_on(self) -> day | None:
        """First day on which the claim had certainly been said; None when no date is known."""
        return last_day(self.said or self.doc.published)

    @property
    def text(self) -> str:
        """What to show: our own words, else the verbatim span."""
        return self.summary or (self.span.text if self.span else "")

    def known_at(self, as_of: str | day) -> bool:
        """Whether the claim had been said by the end of `as_of`; an undated claim never had."""
        known = self.known_on
        return known is not None and known <= last_day_of(as_of)

    def changed(self, **changes: Any) -> Claim:
        """Return a validated copy with other fields; the id follows doc, span, event and key."""
        fields = {name: getattr(self, name) for name in type(self).model_fields} | {"id": ""} | changes
        return Claim.model_validate(fields)

    def to_json(self) -> str:
        """One JSONL line: fixed field order, defaults left out, so equal claims are equal bytes."""
        content = self.model_dump(mode="json", by_alias=True, exclude_defaults=True)
        return json.dumps({"schema": SCHEMA} | content, ensure_ascii=False, separators=(",", ":"))

    @classmethod
    def from_json(cls, line: str | bytes) -> Claim:
        """Read one JSONL line; raises pydantic's ValidationError."""
        return cls.model_validate_json(line)

    def digest(self) -> str:
        """Hash of everything the claim says, 64 hexadecimal digits; two versions of one id differ in it."""
        return hashlib.sha256(self.to_json().encode()).hexdigest()


def identity(doc: str, span: Extent | None, event: str, key: str) -> str:
    """sha1 of document, span, event and key, so that reading a text again makes the same id."""
    place = f"{span.start}-{span.end}" if span else ""
    return hashlib.sha1("\x1f".join((doc, place, event, key)).encode()).hexdigest()  # noqa: S324


def first_day(text: str) -> day | None:
    """First day of an ISO partial date; None when empty."""
    if not text:
        return None
    parts = [int(x) for x in text.split("-")]
    return day(parts[0], *[*parts[1:], 1, 1][:2])


def last_day(text: str) -> day | None:
    """Last day of an ISO partial date: what was said "in 2025" was certainly known only after 2025."""
    start = first_day(text)
    if start is None or len(text) == 10:
        return start
    if len(text) == 4:
        return day(start.year, 12, 31)
    return (start.replace(day=28) + timedelta(days=4)).replace(day=1) - timedelta(days=1)


def last_day_of(as_of: str | day) -> day:
    """Return the as-of day; a partial date means its last day.

    Raises
    ------
    DataError : not a date.
    """
    if isinstance(as_of, day):
        return as_of
    try:
        last = last_day(_partial_date(as_of))
    except ValueError as error:
        raise DataError(f'as-of date "{as_of}": {error}') from None
    if last is None:
        raise DataError("as-of date is empty; write it as 2026-01-13")
    return last


def write_jsonl(claims: Iterable[Claim]) -> str:
    """Claims as JSONL text, one line each, in the order given."""
    return "".join(claim.to_json() + "\n" for claim in claims)


def read_jsonl(path: Path | str) -> list[Claim]:
    """Read a JSONL file; raises DataError with every bad line at once."""
    claims, problems = [], []
    for number, line in _lines(Path(path)):
        try:
            claims.append(Claim.from_json(line))
        except ValidationError as error:
            problems += [f"{path}:{number}: {_where(e)}: {e['msg']}" for e in error.errors()]
    if problems:
        raise DataError(problems)
    return claims


def _lines(path: Path) -> Iterator[tuple[int, bytes]]:
    try:
        with path.open("rb") as file:
            yield from ((n, line) for n, line in enumerate(file, 1) if line.strip())
    except OSError as error:
        raise DataError(f"{path}: {error.strerror}") from None


def _where(error: Any) -> str:
    return ".".join(str(part) for part in error["loc"]) or "record"

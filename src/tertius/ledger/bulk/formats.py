"""The files that event coders publish, column by column.

Every column is read as text: codes have leading zeros, "NA" is Namibia, "None" is POLECAT's missing value.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from types import MappingProxyType
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping


@dataclass(frozen=True, slots=True)
class Format:
    """One kind of file.

    Parameters
    ----------
    name, title : the word used on the command line, and what to call it in a message.
    columns : names in file order.
    fields : canonical field -> column. The fields are id, day, actor, recipient, code (CAMEO), label (event
        in words), type (PLOVER), quad, sources.
    header : the first line holds names.
    missing : spellings of "no value" beside the empty text.
    multi : separator of several values in one cell; "" if cells hold one.
    unique : repeated rows are copies of one event, not further events.
    """

    name: str
    title: str
    columns: tuple[str, ...]
    fields: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))
    header: bool = False
    missing: tuple[str, ...] = ()
    multi: str = ""
    unique: bool = False

    @property
    def dyadic(self) -> bool:
        """Whether a row says who did what to whom."""
        return {"day", "actor", "recipient"} <= set(self.fields)


_ACTOR = (
    *("Code", "Name", "CountryCode", "KnownGroupCode", "EthnicCode", "Religion1Code", "Religion2Code"),
    *("Type1Code", "Type2Code", "Type3Code"),
)
_GEO1 = ("Type", "FullName", "CountryCode", "ADM1Code", "Lat", "Long", "FeatureID")
_GEO2 = (*_GEO1[:4], "ADM2Code", *_GEO1[4:])


def _gdelt(geo: tuple[str, ...]) -> tuple[str, ...]:
    """Columns of a GDELT event file, whose versions differ only in the three places (`geo`)."""
    return (
        *("GLOBALEVENTID", "SQLDATE", "MonthYear", "Year", "FractionDate"),
        *(f"Actor{k}{name}" for k in (1, 2) for name in _ACTOR),
        *("IsRootEvent", "EventCode", "EventBaseCode", "EventRootCode", "QuadClass", "GoldsteinScale"),
        *("NumMentions", "NumSources", "NumArticles", "AvgTone"),
        *(f"{who}Geo_{name}" for who in ("Actor1", "Actor2", "Action") for name in geo),
        *("DATEADDED", "SOURCEURL"),
    )


_GDELT_FIELDS = MappingProxyType(
    {
        "id": "GLOBALEVENTID",
        "day": "SQLDATE",
        "actor": "Actor1CountryCode",
        "recipient": "Actor2CountryCode",
        "code": "EventCode",
        "quad": "QuadClass",
        "sources": "NumSources",
    }
)

GDELT1 = Format("gdelt1", "GDELT 1.0 events", _gdelt(_GEO1), _GDELT_FIELDS)
GDELT1_BACKFILE = Format("gdelt1-backfile", "GDELT 1.0 events, backfile", _gdelt(_GEO1)[:-1], _GDELT_FIELDS)
GDELT2 = Format("gdelt2", "GDELT 2.0 events", _gdelt(_GEO2), _GDELT_FIELDS)
MENTIONS = Format(
    "gdelt2-mentions",
    "GDELT 2.0 mentions",
    (
        *("GLOBALEVENTID", "EventTimeDate", "MentionTimeDate", "MentionType", "MentionSourceName"),
        *("MentionIdentifier", "SentenceID", "Actor1CharOffset", "Actor2CharOffset", "ActionCharOffset"),
        *(
            "InRawText",
            "Confidence",
            "MentionDocLen",
            "MentionDocTone",
            "MentionDocTranslationInfo",
            "Extras",
        ),
    ),
    MappingProxyType({"id": "GLOBALEVENTID", "confidence": "Confidence"}),
)
GKG = Format(
    "gkg2",
    "GDELT GKG 2.1",
    (
        *("GKGRECORDID", "DATE", "SourceCollectionIdentifier", "SourceCommonName", "DocumentIdentifier"),
        *("Counts", "V2Counts", "Themes", "V2Themes", "Locations", "V2Locations", "Persons", "V2Persons"),
        *("Organizations", "V2Organizations", "V2Tone", "Dates", "GCAM", "SharingImage", "RelatedImages"),
        *("SocialImageEmbeds", "SocialVideoEmbeds", "Quotations", "AllNames", "Amounts"),
        *("TranslationInfo", "Extras"),
    ),
    MappingProxyType(
        {
            "date": "DATE",
            "publisher": "SourceCommonName",
            "url": "DocumentIdentifier",
            "quotations": "Quotations",
            "amounts": "Amounts",
        }
    ),
)
ICEWS = Format(
    "icews",
    "ICEWS events",
    (
        *("Event ID", "Event Date", "Source Name", "Source Sectors", "Source Country", "Event Text"),
        *("CAMEO Code", "Intensity", "Target Name", "Target Sectors", "Target Country", "Story ID"),
        *("Sentence Number", "Publisher", "City", "District", "Province", "Country", "Latitude", "Longitude"),
    ),
    MappingProxyType(
        {
            "id": "Event ID",
            "day": "Event Date",
            "actor": "Source Country",
            "recipient": "Target Country",
            "code": "CAMEO Code",
            "label": "Event Text",
        }
    ),
    header=True,
    missing=("NULL",),
)
ICEWS_FACTS = Format(
    "icews-facts",
    "ICEWS facts (subject, relation, object, date)",
    ("subject", "relation", "object", "date"),
    MappingProxyType({"day": "date", "actor": "subject", "recipient": "object", "label": "relation"}),
)
POLECAT = Format(
    "polecat",
    "POLECAT events",
    (
        *("Event ID", "Event Date", "Event Type", "Event Mode", "Intensity", "Quad Code", "Contexts"),
        *("Actor Name", "Actor Country", "Actor COW", "Primary Actor Sector", "Actor Sectors", "Actor Title"),
        *("Actor Name Raw", "Wikipedia Actor ID", "Recipient Name", "Recipient Country", "Recipient COW"),
        *("Primary Recipient Sector", "Recipient Sectors", "Recipient Title", "Recipient Name Raw"),
        *("Wikipedia Recipient ID", "Placename", "City", "District", "Province", "Country", "Latitude"),
        *("Longitude", "GeoNames ID", "Raw Placename", "Feature Type", "Source", "Publication Date"),
        *("Story People", "Story Organizations", "Story Locations", "Language", "Version"),
    ),
    MappingProxyType(
        {
            "id": "Event ID",
            "day": "Event Date",
            "actor": "Actor Country",
            "recipient": "Recipient Country",
            "type": "Event Type",
            "quad": "Quad Code",
        }
    ),
    header=True,
    missing=("None",),
    multi="; ",
    unique=True,
)
PLOVER = Format("plover", "PLOVER-coded TSV", (), header=True, missing=("None",), multi="; ")

# Names under which PLOVER-coded tables carry a field, best first, compared without case, blanks and
# underscores.
PLOVER_NAMES: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        "id": ("eventid", "id"),
        "day": ("eventdate", "date"),
        "actor": ("actorcountry", "sourcecountry", "actor", "source"),
        "recipient": ("recipientcountry", "targetcountry", "recipient", "target"),
        "type": ("eventtype", "event", "type", "plover"),
        "quad": ("quadcode", "quadclass", "quad"),
    }
)
PLOVER_NEEDS = ("day", "actor", "recipient", "type")

FORMATS: tuple[Format, ...] = (
    *(GDELT1, GDELT1_BACKFILE, GDELT2, MENTIONS, GKG),
    *(ICEWS, ICEWS_FACTS, POLECAT, PLOVER),
)
BY_NAME: Mapping[str, Format] = MappingProxyType({each.name: each for each in FORMATS})

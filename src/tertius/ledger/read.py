"""From files to articles: plain text, HTML, RSS and Atom, JSONL, told apart by their content.

What cannot be read is returned with its reason beside what can, so one bad file never stops a batch.
Nothing in a file is executed, fetched or used as a path. A date is taken from the caller, else from
metadata that the file states; it is never guessed from the text, and without it relative dates stay
unresolved.
"""

from __future__ import annotations

import hashlib
import json
import re
from dataclasses import dataclass
from datetime import date
from io import BytesIO
from typing import TYPE_CHECKING, Any, BinaryIO

from pydantic import ValidationError

from tertius.errors import DataError, InputError
from tertius.ledger.extract.protocol import Article
from tertius.ledger.extract.text import is_translated, paragraphs
from tertius.ledger.record import Doc

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

LONGEST = 1_000_000  # characters of one article; a novel has half of that
LARGEST = 10_000_000  # bytes of one file read whole; JSONL is read line by line
LARGEST_PAGE = 4_000_000  # characters of one web page; the parser needs seconds for a million
SUFFIXES = frozenset({".txt", ".html", ".htm", ".xhtml", ".xml", ".rss", ".atom", ".jsonl", ".ndjson"})

_LINE = 6 * LONGEST  # bytes of one JSONL line
_TAG = re.compile(r"<(?:!doctype html|html|head|body|article|div|p|meta)\b", re.IGNORECASE)
_FEED = re.compile(r"<(?:rss|feed|rdf:RDF)\b", re.IGNORECASE)
_LONG_TAG = re.compile(r"<[A-Za-z][^>]{10000,}")
_CONTROL = re.compile(r"[\x00-\x08\x0e-\x1f\x7f]")


@dataclass(frozen=True, slots=True)
class Unread:
    """Something that could not be read, and why."""

    name: str
    reason: str

    def __str__(self) -> str:
        return f"{self.name}: {self.reason}"


@dataclass(frozen=True, slots=True)
class Given:
    """Metadata from the caller; each overrides what the file states."""

    published: str = ""
    publisher: str = ""


def given(published: str = "", publisher: str = "") -> Given:
    """Check the caller's metadata.

    Raises
    ------
    InputError : the date is not a full ISO date.
    """
    if published and _day(published) != published:
        raise InputError(f'--date "{published}": write a full date, year first: 2026-01-14')
    return Given(published, publisher)


def files(paths: Sequence[Path]) -> list[Path]:
    """Files named, and those inside named folders, in the order of their names.

    Raises
    ------
    InputError : a path does not exist, or no file was found.
    """
    missing = [f"{path}: no such file or folder" for path in paths if not path.exists()]
    if missing:
        raise InputError(missing)
    found: list[Path] = []
    for path in paths:
        inside = sorted(p for p in path.rglob("*") if p.is_file() and p.suffix.lower() in SUFFIXES)
        found += inside if path.is_dir() else [path]
    if not found:
        raise InputError(f"{', '.join(map(str, paths))}: no text, HTML, feed or JSONL file inside")
    return found


def articles(path: Path, metadata: Given | None = None) -> Iterator[Article | Unread]:
    """Articles of one file, and what of it could not be read."""
    meta = metadata or Given()
    try:
        if path.suffix.lower() in (".jsonl", ".ndjson"):
            yield from _jsonl(path, meta)
            return
        data = _bytes(path)
        text = _decoded(data)
        yield from _parsed(path.name, text, data, meta)
    except DataError as error:
        yield Unread(path.name, str(error))
    except OSError as error:
        yield Unread(path.name, error.strerror or str(error))


def _parsed(name: str, text: str, data: bytes, meta: Given) -> Iterator[Article | Unread]:
    head = text[:4000]
    if name.lower().endswith((".tsv", ".csv", ".tab")):
        raise DataError("is a table, not an article; event files are read by: tertius events")
    if _FEED.search(head):
        yield from _feed(name, text, data, meta)
    elif _TAG.search(head):
        yield _html(name, text, meta)
    elif head.lstrip().startswith("<?xml"):
        raise DataError("is XML, but neither a feed (RSS, Atom) nor a page")
    else:
        yield _article(name, text, meta)


# --- bytes ------------------------------------------------------------


def _bytes(path: Path) -> bytes:
    size = path.stat().st_size
    if size > LARGEST:
        raise DataError(
            f"{size / 1e6:.0f} MB; the largest file read at once is {LARGEST / 1e6:.0f} MB (JSONL is read by line)"
        )
    data = path.read_bytes()
    if not data.strip():
        raise DataError("is empty")
    return data


def _decoded(data: bytes) -> str:
    """Text of a file: UTF-8, UTF-16 with its mark, or the encoding that HTML or XML declares."""
    if data[:2] in (b"\xff\xfe", b"\xfe\xff"):
        return data.decode("utf-16", errors="replace")
    if b"\x00" in data[:8192]:
        raise DataError("is binary, not text")
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        text = _declared(data, error)
    if len(_CONTROL.findall(text[:8192])) > 8:
        raise DataError("is binary, not text")
    return text


def _declared(data: bytes, error: UnicodeDecodeError) -> str:
    hit = re.search(rb"(?:charset|encoding)\s*=\s*[\"']?([\w-]+)", data[:4096])
    name = hit.group(1).decode("ascii", "ignore") if hit else ""
    try:
        return data.decode(name) if name and name.lower() not in ("utf-8", "utf8") else _refuse(error)
    except (LookupError, UnicodeDecodeError):
        return _refuse(error)


def _refuse(error: UnicodeDecodeError) -> str:
    raise DataError(
        f"is not UTF-8 (byte 0x{error.object[error.start]:02x} at position {error.start}) and declares "
        "no other encoding; convert it first, for example with iconv"
    )


# --- articles ------------------------------------------------------------


def _article(name: str, text: str, meta: Given, **stated: str) -> Article | Unread:
    """Build an article; its id is the hash of its text, so the same text has the same claims everywhere."""
    text = _encodable(text)
    stated = {key: _encodable(value) for key, value in stated.items()}
    if not text.strip():
        return Unread(name, "holds no text")
    if len(text) > LONGEST:
        return Unread(name, f"{len(text)} characters in one article; at most {LONGEST} are read")
    digest = hashlib.sha256(text.encode("utf-8", "replace")).hexdigest()
    try:
        doc = Doc(
            id=digest[:16],
            sha256=digest,
            publisher=meta.publisher or stated.get("publisher", ""),
            url=_web(stated.get("url", "")),
            title=stated.get("title", "")[:500],
            published=meta.published or _day(stated.get("published", "")),
            lang=stated.get("lang", "")[:8] or "en",
            translated=is_translated(paragraphs(text)),
        )
    except ValidationError as error:
        return Unread(name, str(error.errors()[0]["msg"]))
    return Article(doc, text)


def _encodable(text: str) -> str:
    """Text without half characters, which JSON can state and nothing can store."""
    return text.encode("utf-8", "replace").decode("utf-8")


def _day(text: str) -> str:
    """Full ISO date at the beginning of a date text; empty when there is none."""
    hit = re.match(r"\d{4}-\d{2}-\d{2}", text.strip())
    try:
        return date.fromisoformat(hit.group()).isoformat() if hit else ""
    except ValueError:
        return ""


def _web(url: str) -> str:
    """Only web addresses are kept; anything else could act when it is clicked."""
    return url if re.match(r"https?://[^\s\"'<>]+$", url) else ""


def _html(name: str, text: str, meta: Given) -> Article | Unread:
    import trafilatura

    if len(text) > LARGEST_PAGE:
        return Unread(name, f"{len(text)} characters in one page; at most {LARGEST_PAGE} are read")
    if any(tag.group().count("=") > 1000 for tag in _LONG_TAG.finditer(text)):
        return Unread(name, "HTML with thousands of attributes in one tag")
    try:
        page: Any = trafilatura.bare_extraction(
            text,
            include_comments=False,
            include_tables=False,
            with_metadata=True,
            date_extraction_params=_DATES,
        )
    except (ValueError, RecursionError, AssertionError, TypeError) as error:
        return Unread(name, f"HTML that cannot be parsed ({type(error).__name__})")
    if page is None or not (page.text or "").strip():
        return Unread(name, "HTML without an article in it")
    return _article(
        name,
        page.text,
        meta,
        publisher=page.sitename or "",
        title=page.title or "",
        url=page.url or "",
        published=page.date or "",
        lang=page.language or "",
    )


# Only dates the page states as its own count; htmldate would otherwise guess one from the text.
_DATES = {"original_date": True, "extensive_search": False}


def _feed(name: str, text: str, data: bytes, meta: Given) -> Iterator[Article | Unread]:
    import feedparser

    if "<!ENTITY" in text:
        raise DataError("declares XML entities, which can blow up a reader; remove them")
    feed = feedparser.parse(BytesIO(data), sanitize_html=True, resolve_relative_uris=False)
    if not feed.entries:
        raise DataError(
            "malformed feed" + (f" ({feed.bozo_exception})" if feed.bozo else ": no entries in it")
        )
    if feed.bozo:
        yield Unread(
            name, f"malformed feed ({feed.bozo_exception}); {len(feed.entries)} entries could still be read"
        )
    for number, entry in enumerate(feed.entries, 1):
        yield _entry(f"{name}#{number}", entry, str(feed.feed.get("title", "")), meta)


def _entry(name: str, entry: Any, publisher: str, meta: Given) -> Article | Unread:
    bodies = [part.get("value", "") for part in entry.get("content", [])]
    body = max([*bodies, entry.get("summary", "")], key=len)
    when = entry.get("published_parsed") or entry.get("updated_parsed")
    published = f"{when[0]:04d}-{when[1]:02d}-{when[2]:02d}" if when else ""
    stated = {"publisher": publisher, "title": str(entry.get("title", "")), "url": str(entry.get("link", ""))}
    return _article(name, _plain(body), meta, published=published, **stated)


def _plain(body: str) -> str:
    """Text of an entry's HTML, a blank line between its paragraphs."""
    from lxml import html

    if not re.search(r"<\w|&\w+;", body):
        return body
    tree = html.fromstring(f"<div>{body}</div>")
    for element in tree.xpath("//script|//style|//iframe|//object"):
        element.drop_tree()
    for element in tree.xpath("//p|//br|//div|//li|//h1|//h2|//h3|//blockquote"):
        element.tail = "\n\n" + (element.tail or "")
    return re.sub(r"\n\s*\n+", "\n\n", tree.text_content()).strip()


# --- JSONL ------------------------------------------------------------


def _jsonl(path: Path, meta: Given) -> Iterator[Article | Unread]:
    if path.stat().st_size == 0:
        raise DataError("is empty")
    with path.open("rb") as file:
        for number, line in enumerate(_lines(file), 1):
            if len(line) > _LINE:
                yield Unread(f"{path.name}:{number}", f"more than {_LINE / 1e6:.0f} MB in one line")
            elif line.strip():
                yield _row(f"{path.name}:{number}", line, meta)


def _lines(file: BinaryIO) -> Iterator[bytes]:
    """Lines of a file; of one that is too long only the beginning."""
    while line := file.readline(_LINE + 1):
        rest = line
        while len(rest) > _LINE and not rest.endswith(b"\n"):
            rest = file.readline(_LINE + 1)
        yield line


def _row(name: str, line: bytes, meta: Given) -> Article | Unread:
    try:
        row = json.loads(line)
    except (ValueError, RecursionError) as error:
        return Unread(name, f"not a JSON object ({error})")
    if not isinstance(row, dict) or not isinstance(row.get("text"), str):
        return Unread(
            name, 'a line is an object with "text" (and "date", "publisher", "title", "url", "lang")'
        )
    keys = {"published": ("date", "published"), "publisher": ("publisher", "source")}
    stated = {k: str(row.get(k) or "") for k in ("title", "url", "lang")}
    stated |= {k: str(next((row[n] for n in names if row.get(n)), "")) for k, names in keys.items()}
    return _article(name, row["text"], meta, **stated)

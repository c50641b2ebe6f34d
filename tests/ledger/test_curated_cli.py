from __future__ import annotations

import json

import pytest

from tertius.cli import run
from tertius.ledger import claims
from tertius.ledger.record import Claim
from tertius.ledger.store import Ledger


def out(capsys, *arguments: str) -> str:
    assert run(["claims", *arguments]) == 0
    return capsys.readouterr().out


def test_the_json_list_is_what_the_python_function_returns(capsys) -> None:
    rows = json.loads(out(capsys, "--target", "irn", "--as-of", "2026-01-13", "--json"))
    assert {row["id"] for row in rows} == {c.id for c in claims("IRN", as_of="2026-01-13")}
    assert all(row["target"] == "IRN" for row in rows)


def test_the_table_shows_both_dates_the_chain_and_the_unit(capsys) -> None:
    text = out(capsys, "--target", "IRN", "--topic", "IRN.customs")
    for part in ("2026-01-14", "about 2024", "4.4 bn USD", "GACC", "CHN -> IRN"):
        assert part in text


def test_conflicts_stand_side_by_side(capsys) -> None:
    cards = json.loads(out(capsys, "--target", "IRN", "--conflicts", "--json"))
    share = next(c for c in cards if c["topic"] == "IRN.china_share_of_oil_exports")
    assert len(share["claims"]) >= 4
    assert "contradiction" in out(capsys, "--target", "CUB", "--conflicts")


def test_the_funnel_shows_what_arrived_of_what_was_promised(capsys) -> None:
    text = out(capsys, "--funnel", "CUB")
    assert "8% to 50%" in text
    steps = json.loads(out(capsys, "--funnel", "CUB", "--json"))
    assert next(f for f in steps if f["commitment"] == "CUB-CHN-rice-2026")["share"] == pytest.approx(
        [0.08, 0.5]
    )


def test_the_funnel_keeps_at_least_and_up_to(capsys) -> None:
    text = " ".join(out(capsys, "--funnel", "IRN").split())
    assert "at least 25 bn" in text
    assert "up to 8.4 bn" in text


def test_wrong_names_are_all_reported_with_what_is_possible(capsys) -> None:
    assert run(["claims", "--target", "IRM", "--channel", "opn", "--topic", "IRN.oil_dscount"]) == 2
    text = capsys.readouterr().err
    assert '"IRN"' in text
    assert '"open"' in text
    assert "IRN.oil_discount_usd_bbl" in text
    assert run(["claims", "--as-of", "soon"]) == 2
    assert run(["claims", "--ledger", "nowhere.db"]) == 2


def test_claims_of_a_ledger_file_are_listed_too(capsys, tmp_path) -> None:
    path = tmp_path / "l.db"
    with Ledger.open(path) as ledger:
        doc = {"id": "x", "publisher": "Reuters", "published": "2026-01-10"}
        ledger.add(
            [
                Claim.model_validate(
                    {"doc": doc, "type": "event", "target": "CUB", "summary": "a [bold]new[/bold] one"}
                )
            ]
        )
    assert "a [bold]new[/bold] one" in out(capsys, "--target", "CUB", "--text", "new", "--ledger", str(path))


def test_review_goes_out_and_comes_back(capsys, tmp_path, monkeypatch) -> None:
    path, sheet = tmp_path / "l.db", tmp_path / "s.csv"
    with Ledger.open(path) as ledger:
        for n in range(3):
            doc = {"id": f"x{n}", "publisher": "Reuters", "published": "2026-01-10"}
            ledger.add(
                [
                    Claim.model_validate(
                        {"doc": doc, "type": "event", "target": "CUB", "summary": f"number {n}"}
                    )
                ]
            )
    assert run(["review", str(path), "--out", str(sheet)]) == 0
    text = sheet.read_text().splitlines()
    sheet.write_text("\n".join([text[0], "accept" + text[1], "reject" + text[2], text[3]]))
    capsys.readouterr()
    assert run(["review", str(path), "--sheet", str(sheet), "--on", "2026-03-01"]) == 0
    assert "2 decisions kept" in capsys.readouterr().out
    answers = iter(["c", "channel", "aid", "", "q"])
    monkeypatch.setattr("typer.prompt", lambda *_, **__: next(answers))
    assert run(["review", str(path), "--text", "number 0", "--on", "2026-03-01"]) == 0
    with Ledger.open(path) as ledger:
        assert ledger.statuses() == {
            "accepted": 1,
            "corrected": 1,
            "rejected": 1,
            "standing": 1,
            "verdict": 2,
        }
    assert run(["review", str(path), "--out", str(sheet), "--sheet", str(sheet)]) == 2
    assert run(["review", str(tmp_path / "none.db")]) == 2

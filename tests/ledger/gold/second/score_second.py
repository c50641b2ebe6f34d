"""Print the scores on the second gold: python .../second/score_second.py [--errors] [dev|heldout]; dev if not named."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from tertius.ledger.extract.protocol import Article
from tertius.ledger.extract.score import load, score
from tertius.ledger.record import Doc

if TYPE_CHECKING:
    from tertius.ledger.extract.score import Gold

HERE = Path(__file__).parent


def articles(part: str) -> list[tuple[Gold, Article]]:
    """Gold and text of the articles of a part."""
    return [load(path) for path in sorted((HERE / part).glob("*.gold.json"))]


def sentences(part: str) -> list[tuple[Gold, Article]]:
    """Gold and text of the sentences of a part; each is a text of its own, so that none lends another a side."""
    lines = (HERE / part / "sentences.jsonl").read_text(encoding="utf-8").splitlines()
    golds: list[Gold] = [json.loads(line) for line in lines]
    return [(g, Article(Doc(id=g["id"], published=g["published"]), g["text"])) for g in golds]


if __name__ == "__main__":
    for part in [a for a in sys.argv[1:] if not a.startswith("--")] or ["dev"]:
        for name, texts in (("articles", articles(part)), ("sentences", sentences(part))):
            scores = score(texts)
            sys.stdout.write(f"\n{part}, {len(texts)} {name}\n{scores.table()}\n")
            if "--errors" in sys.argv:
                sys.stdout.write("\n".join(scores.errors) + "\n")

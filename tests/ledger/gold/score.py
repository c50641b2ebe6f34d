"""Print the scores: python tests/ledger/gold/score.py [--errors] [articles|dev|held-out|NAME ...]."""

from __future__ import annotations

import sys
from pathlib import Path

from tertius.ledger.extract.score import load, score

HERE = Path(__file__).parent
ARTICLES = HERE.parents[3] / "shared" / "articles"
SETS = {
    "articles": ("iran_limits", "china_iran_cuba"),
    "dev": ("wire", "oped", "translated"),
    "held-out": ("readout", "trade", "nile"),
}

if __name__ == "__main__":
    words = [a for a in sys.argv[1:] if not a.startswith("--")] or list(SETS)
    for word in words:
        texts = [load(HERE / f"{name}.gold.json", ARTICLES) for name in SETS.get(word, (word,))]
        scores = score(texts)
        sys.stdout.write(f"\n{word}\n{scores.table()}\n")
        if "--errors" in sys.argv:
            sys.stdout.write("\n".join(scores.errors) + "\n")

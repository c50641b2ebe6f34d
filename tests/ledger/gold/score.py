"""Print the scores: python tests/ledger/gold/score.py [--errors] [FOLDER ...], as in third/dev; all development parts if none is named."""

from __future__ import annotations

import sys
from pathlib import Path

from tertius.ledger.extract.score import load_folder, score

HERE = Path(__file__).parent
ARTICLES = HERE.parents[3] / "shared" / "articles"
PARTS = ("first/articles", "first/dev", "first/heldout", "second/dev", "second/heldout", "third/dev")

if __name__ == "__main__":
    for part in [a for a in sys.argv[1:] if not a.startswith("--")] or PARTS:
        texts = load_folder(HERE / part, ARTICLES)
        running = [(gold, article) for gold, article in texts if "file" in gold]
        alone = [(gold, article) for gold, article in texts if "file" not in gold]
        for name, some in (("articles", running), ("sentences", alone)):
            if some:
                scores = score(some)
                sys.stdout.write(f"\n{part}: {len(some)} {name}\n{scores.table()}\n")
                if "--errors" in sys.argv:
                    sys.stdout.write("\n".join(scores.errors) + "\n")

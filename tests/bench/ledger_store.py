"""Fill a ledger with synthetic claims and time additions and searches.

Usage: python -m tests.bench.ledger_store [claims] [folder]
"""

from __future__ import annotations

import random
import sys
import tempfile
import time
from pathlib import Path
from typing import TYPE_CHECKING

from tests.bench.peers.serve import peak_mb

from tertius.ledger.record import Claim
from tertius.ledger.store import Ledger

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

TARGETS = ["IRN", "CUB", "VEN", "PRK", "RUS", "SYR", "BLR", "MMR"]
SUPPORTERS = ["CHN", "RUS", "MEX", "ARE", "TUR", "IND", "DZA", "KAZ"]
CHANNELS = ["open", "shielded", "aid", "security", "verbal"]
STAGES = ["announced", "agreed", "shipped", "delivered", "suspended"]
COMMON = [
    "oil",
    "exports",
    "rose",
    "after",
    "minister",
    "said",
    "that",
    "sanctions",
    "would",
    "not",
    "stop",
    "trade",
]
RARE = [f"vessel{n}" for n in range(20_000)]


def synthetic(count: int, seed: int = 1) -> Iterator[Claim]:
    """Claims with common words in all of them and rare ones in a few."""
    draw = random.Random(seed)
    for n in range(count):
        target, supporter = draw.choice(TARGETS), draw.choice(SUPPORTERS)
        day = f"{draw.randint(2015, 2025)}-{draw.randint(1, 12):02}-{draw.randint(1, 28):02}"
        words = [*draw.sample(COMMON, 9), draw.choice(RARE), target, supporter]
        yield Claim.model_validate(
            {
                "doc": {"id": f"d{n // 20}", "publisher": "Reuters", "published": day},
                "span": {"start": n % 20 * 50, "end": n % 20 * 50 + 40, "text": " ".join(words)},
                "type": "event",
                "event": "AID",
                "key": str(n),
                "target": target,
                "supporter": supporter,
                "channel": draw.choice(CHANNELS),
                "stage": draw.choice(STAGES),
                "rule": "synthetic",
            }
        )


def timed(name: str, search: Callable[[], list[Claim]], repeats: int = 30) -> None:
    """Print the median and the worst time of a search."""
    times = []
    for _ in range(repeats):
        start = time.perf_counter()
        found = len(search())
        times.append((time.perf_counter() - start) * 1000)
    times.sort()
    print(f"{name:58} {found:5} found   median {times[len(times) // 2]:7.2f} ms   worst {times[-1]:7.2f} ms")


def main() -> None:
    """Fill, then search: a rare word, common words, filters, an early as-of date, nothing found."""
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 100_000
    with tempfile.TemporaryDirectory(dir=sys.argv[2] if len(sys.argv) > 2 else None) as folder:
        path = Path(folder) / "ledger.db"
        with Ledger.open(path) as ledger:
            start = time.perf_counter()
            ledger.add(synthetic(count))
            took = time.perf_counter() - start
            size = path.stat().st_size / 1e6
            print(
                f"{count:,} claims added in {took:.0f} s, {count / took:,.0f} a second; file {size:,.0f} MB"
            )
            timed("rare word", lambda: ledger.search("vessel77"))
            timed("common words", lambda: ledger.search("oil sanctions"))
            timed(
                "common words, target and channel", lambda: ledger.search("oil", target="IRN", channel="aid")
            )
            timed(
                "common words, known by 2015-03-01", lambda: ledger.search("oil minister", as_of="2015-03-01")
            )
            timed("rare word and every filter", lambda: ledger.search(
                "vessel9", target="CUB", supporter="CHN", channel="aid", stage="delivered"))  # fmt: skip
            timed("no such word", lambda: ledger.search("kangaroo"))
            timed("filters only, newest 50", lambda: ledger.claims("VEN", supporter="CHN", limit=50))
        print(f"peak memory {peak_mb():,.0f} MB")


if __name__ == "__main__":
    main()

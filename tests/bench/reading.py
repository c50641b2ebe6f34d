"""Reading a folder of articles of 600 words into a ledger: pace, memory, and a run that is cancelled, killed and resumed.

`python -m tests.bench.reading [ARTICLES [PROCESSES [FOLDER]]]`. One folder (every hundredth file not readable) is read
into three ledgers: by one process (a tenth of it), by several in one go, and by several that are stopped by Ctrl-C
after a quarter, killed outright after a half, and started again. The ledgers have to hold the same rows in the same order.
"""

from __future__ import annotations

import hashlib
import os
import re
import resource
import signal
import sqlite3
import subprocess
import sys
import tempfile
import time
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from tests.bench import press
from tests.bench.measure import environment, keep

if TYPE_CHECKING:
    from collections.abc import Callable

_LOOK = 0.2  # seconds between looks at memory


@dataclass(frozen=True)
class Ran:
    """One call of the command."""

    said: str
    code: int
    seconds: float
    cpu: float
    peak: float  # MB of the largest process

    @property
    def read(self) -> int:
        """Articles that this call read."""
        return int(_count(r"(\d+) articles read", self.said))

    @property
    def refused(self) -> int:
        """Files that this call listed as not read."""
        listed = len(re.findall(r"^not read: (?!\d+ more)", self.said, re.MULTILINE))
        return listed + int(_count(r"^not read: (\d+) more", self.said))


def _count(pattern: str, text: str) -> str:
    hit = re.search(pattern, text, re.MULTILINE)
    return hit[1] if hit else "0"


def read(
    folder: Path,
    ledger: Path,
    processes: int,
    stop: Callable[[], bool] | None = None,
    by: int = signal.SIGINT,
) -> Ran:
    """Run the command; once `stop` says so, send it a signal."""
    command = [sys.executable, "-m", "tertius.cli", "read", str(folder), "--date", "2025-11-20"]
    command += ["--publisher", "Reuters", "--ledger", str(ledger), "--processes", str(processes)]
    began, before = time.perf_counter(), resource.getrusage(resource.RUSAGE_CHILDREN)
    peak, sent = 0.0, False
    with tempfile.TemporaryFile("w+") as said, subprocess.Popen(
        command, stdout=said, stderr=subprocess.STDOUT, env=environment(), start_new_session=True
    ) as running:  # fmt: skip
        while running.poll() is None:
            peak = max(peak, *(_high_water(pid) for pid in _family(running.pid)))
            if stop is not None and not sent and stop():
                running.send_signal(by)
                sent = True
            time.sleep(_LOOK)
        said.seek(0)
        text = said.read()
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    cpu = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    return Ran(text, running.returncode, time.perf_counter() - began, cpu, peak)


def _family(pid: int) -> list[int]:
    try:
        children = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
    except OSError:
        children = []
    return [pid, *(p for child in children for p in _family(int(child)))]


def _high_water(pid: int) -> float:
    """Peak memory of a process, MB."""
    try:
        return int(_count(r"VmHWM:\s+(\d+)", Path(f"/proc/{pid}/status").read_text())) / 1024
    except OSError:
        return 0.0


def noted(ledger: Path) -> int:
    """Documents that a ledger has noted as read."""
    try:
        with closing(sqlite3.connect(f"file:{ledger}?mode=ro", uri=True, timeout=5)) as database:
            return int(database.execute("SELECT count(*) FROM document").fetchone()[0])
    except sqlite3.Error:
        return 0


def content(ledger: Path) -> tuple[int, str]:
    """How many claims a ledger holds, and a hash of its rows in their order (all but when they were added)."""
    total, rows = hashlib.sha256(), 0
    with closing(sqlite3.connect(ledger)) as database:
        for row in database.execute("SELECT seq, id, digest, record FROM statement ORDER BY seq"):
            total.update("\x1f".join(map(str, row)).encode())
            rows += 1
        for row in database.execute("SELECT * FROM document ORDER BY sha256"):
            total.update("\x1f".join(map(str, row)).encode())
    return rows, total.hexdigest()


def _row(name: str, ran: Ran) -> str:
    pace = f"{ran.read / ran.cpu:6.1f} a CPU-second" if ran.cpu and ran.read else ""
    return (
        f"{name:34} {ran.read:6,} articles, {ran.refused:4} refused, {ran.seconds:7.1f} s, "
        f"{ran.cpu:7.1f} CPU-s {pace}, peak {ran.peak:4.0f} MB a process"
    )


def main() -> None:
    """Write the folder, read it three ways, compare."""
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 10_000
    processes = int(sys.argv[2]) if len(sys.argv) > 2 else min(os.cpu_count() or 1, 2)
    with tempfile.TemporaryDirectory(dir=sys.argv[3] if len(sys.argv) > 3 else None) as place:
        folder = Path(place) / "news"
        bad = press.write(folder, count)
        print(f"{count:,} files, {count - bad:,} of them articles of about {press.WORDS} words", flush=True)
        ledgers = {name: Path(place) / f"{name}.sqlite" for name in ("one", "part", "whole", "broken")}
        sample = Path(place) / "sample"
        press.write(sample, max(count // 10, 50))
        alone = read(sample, ledgers["one"], 1)
        print(_row("a tenth, one process", alone), flush=True)
        print(_row(f"the same, {processes} processes", read(sample, ledgers["part"], processes)), flush=True)
        whole = read(folder, ledgers["whole"], processes)
        print(_row(f"whole, {processes} processes", whole), flush=True)
        legs = _broken(folder, ledgers["broken"], processes, count - bad)
        for name, leg in legs.items():
            print(_row(name, leg), flush=True)
        found = {name: content(path) for name, path in ledgers.items()}
        print(f"{found['whole'][0]:,} claims; ledgers of one and of several processes equal: {found['one'] == found['part']}; "
              f"after cancel, kill and resume equal: {found['whole'] == found['broken']}")  # fmt: skip
        keep(
            [
                [name, ran.read, ran.seconds, ran.cpu, ran.peak]
                for name, ran in {"whole": whole, **legs}.items()
            ]
        )
        if found["one"] != found["part"] or found["whole"] != found["broken"]:
            raise SystemExit("the ledgers differ")


def _broken(folder: Path, ledger: Path, processes: int, articles: int) -> dict[str, Ran]:
    return {
        "stopped by Ctrl-C after a quarter": read(
            folder, ledger, processes, lambda: noted(ledger) > articles // 4
        ),
        "killed outright after a half": read(
            folder, ledger, processes, lambda: noted(ledger) > articles // 2, signal.SIGKILL
        ),
        "started again": read(folder, ledger, processes),
    }


if __name__ == "__main__":
    main()

"""Read many files into a ledger: processes, progress, cancel, resume, and a list of what could not be read.

This process reads the files and alone writes the ledger, in the order of the files; the workers turn
articles into claims. An article is read alone, so the ledger is the same with any number of processes.
"""

from __future__ import annotations

import gc
import time
from collections import deque
from concurrent.futures import BrokenExecutor, Future, wait
from dataclasses import dataclass, field
from functools import cache
from multiprocessing import parent_process
from typing import TYPE_CHECKING

from tertius.errors import TertiusError
from tertius.ledger.documents import Documents
from tertius.ledger.extract import RuleExtractor
from tertius.ledger.extract.language import parser
from tertius.ledger.extract.protocol import checked
from tertius.ledger.extract.rules import READER
from tertius.ledger.measured import VERSION, measured
from tertius.ledger.read import Given, Unread, articles
from tertius.ledger.sentence import quoting
from tertius.workers import Inline, duration, worker_processes

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from concurrent.futures import Executor
    from contextlib import AbstractContextManager
    from pathlib import Path

    from tertius.ledger.extract import Article, Extractor
    from tertius.ledger.record import Claim
    from tertius.ledger.store import Ledger

    _Key = tuple[str, str, str, str]

_TOGETHER = 20  # documents written in one transaction; what a killed process reads again at most
_AHEAD = 6  # articles handed to each worker beyond the one whose claims are awaited
_TICK = 0.2  # seconds between looks at a cancel


@dataclass(slots=True)
class Report:
    """What became of a batch."""

    read: int = 0
    known: int = 0  # read before, skipped
    claims: int = 0
    cancelled: bool = False
    unread: list[Unread] = field(default_factory=list)
    undated: list[str] = field(default_factory=list)  # relative dates stayed unresolved in these


@dataclass(frozen=True, slots=True)
class _Work:
    """One article under way, the number of its file and what its reading will give."""

    number: int
    article: Article
    claims: Future[list[Claim] | str]


def read_into(
    ledger: Ledger,
    path: Path,
    files: Sequence[Path],
    metadata: Given | None = None,
    *,
    extractor: Extractor | None = None,
    processes: int = 1,
    progress: Callable[[int, int, str], None] | None = None,
    cancelled: Callable[[], bool] = lambda: False,
) -> Report:
    """Read files into an open ledger; documents it has read before are skipped.

    Parameters
    ----------
    ledger, path : the open ledger and its file.
    extractor : runs in this process; the processes are for the rules.
    processes : worker processes; each needs about 300 MB. The ledger does not depend on their number.
    progress : called with files done, files in all, and a note with the pace.
    cancelled : asked between documents; True stops after what was read is written.

    Raises
    ------
    TertiusError : a worker died, perhaps for memory; what was read before is kept.
    """
    if extractor is None:
        parser()  # a missing parser concerns the whole batch, not its first document
    reader = _Reader(extractor, processes)
    with Documents(path) as documents, reader.pool() as pool:
        batch = _Batch(ledger, documents, reader, len(files), progress, cancelled)
        try:
            for work in _under_way(batch, pool, files, metadata):
                batch.keep(work)
        except BrokenExecutor as error:
            raise TertiusError(
                f"a worker process is gone ({error}), killed perhaps for memory; {batch.report.read} articles "
                "are read and kept, the same again goes on"
            ) from error
        finally:
            batch.write()
        if not batch.report.cancelled:
            batch.say(len(files))
        return batch.report


@dataclass(slots=True)
class _Reader:
    """Who turns articles into claims, and where."""

    extractor: Extractor | None
    processes: int

    @property
    def name(self) -> str:
        """Name under which documents are noted as read."""
        return f"{READER if self.extractor is None else type(self.extractor).__name__}+{VERSION}"

    @property
    def ahead(self) -> int:
        """Articles to hand out before the first result is awaited."""
        return 1 if self.alone else self.processes * _AHEAD

    @property
    def alone(self) -> bool:
        """Whether this process reads."""
        return self.extractor is not None or self.processes < 2

    def pool(self) -> AbstractContextManager[Executor]:
        """Open the executor."""
        return Inline() if self.alone else worker_processes(self.processes)

    def submit(self, pool: Executor, article: Article) -> Future[list[Claim] | str]:
        """Have an article read."""
        if self.extractor is None:
            return pool.submit(_read_by_rules, article)
        return pool.submit(_read, self.extractor, article)


@dataclass(slots=True)
class _Batch:
    """What a batch has done so far; the only one that writes."""

    ledger: Ledger
    documents: Documents
    reader: _Reader
    total: int
    progress: Callable[[int, int, str], None] | None
    cancelled: Callable[[], bool]
    report: Report = field(default_factory=Report)
    waiting: list[tuple[Article, Sequence[Claim]]] = field(default_factory=list)
    pending: set[_Key] = field(default_factory=set)  # handed out and not noted; what failed stays
    under_way: int = 0
    started: float = field(default_factory=time.perf_counter)

    def knows(self, article: Article) -> bool:
        """Whether an article was read, now or before; if not, it is from now on under way."""
        key = self.key(article)
        if key in self.pending or key in self.documents:
            return True
        self.pending.add(key)
        self.under_way += 1
        return False

    def keep(self, work: _Work) -> None:
        """Take the claims of an article, or the reason why there are none."""
        claims, article = work.claims.result(), work.article
        self.under_way -= 1
        if isinstance(claims, str):
            self.report.unread.append(Unread(article.doc.title or article.doc.id, claims))
        else:
            self.report.read += 1
            self.report.claims += len(claims)
            self.waiting.append((article, claims))
        if len(self.waiting) >= _TOGETHER:
            self.write()
        self.say(work.number)

    def write(self) -> None:
        """Put what was read into the ledger, then note it as read."""
        self.ledger.add(claim for _, claims in self.waiting for claim in claims)
        self.documents.note((*self.key(article), len(claims)) for article, claims in self.waiting)
        self.pending -= {self.key(article) for article, _ in self.waiting}
        self.waiting.clear()

    def key(self, article: Article) -> _Key:
        """Under what a document is noted."""
        return article.doc.sha256, self.reader.name, article.doc.published, article.doc.publisher

    def stopped(self) -> bool:
        """Whether the batch was cancelled."""
        self.report.cancelled = self.report.cancelled or self.cancelled()
        return self.report.cancelled

    def opened(self, number: int) -> None:
        """Tell the progress while nothing is under way: files read before, or with nothing in them."""
        if not self.under_way:
            self.say(number + 1)

    def say(self, done: int) -> None:
        """Tell how many files are done, and the pace."""
        if self.progress:
            rate = self.report.read / max(time.perf_counter() - self.started, 1e-9)
            left = f", {duration((self.total - done) / rate)} left" if rate else ""
            self.progress(done, self.total, f"{rate:.3g} articles/s{left}")


def _under_way(
    batch: _Batch, pool: Executor, files: Sequence[Path], metadata: Given | None
) -> Iterator[_Work]:
    """Hand out articles a few ahead, and yield them in order as they are read."""
    line: deque[_Work] = deque()
    for number, article in _new(batch, files, metadata):
        line.append(_Work(number, article, batch.reader.submit(pool, article)))
        while len(line) >= batch.reader.ahead and _awaited(line[0], batch):
            yield line.popleft()
    while line and _awaited(line[0], batch):
        yield line.popleft()


def _awaited(work: _Work, batch: _Batch) -> bool:
    """Wait until an article is read; False when the batch was cancelled meanwhile."""
    while not work.claims.done():
        if batch.stopped():
            return False
        wait([work.claims], timeout=_TICK)
    return not batch.report.cancelled


def _new(batch: _Batch, files: Sequence[Path], metadata: Given | None) -> Iterator[tuple[int, Article]]:
    """Articles not read before, with the number of their file."""
    report = batch.report
    for number, file in enumerate(files):
        for found in articles(file, metadata):
            if batch.stopped():
                return
            if isinstance(found, Unread):
                report.unread.append(found)
            elif batch.knows(found):
                report.known += 1
            else:
                if not found.doc.published:
                    report.undated.append(found.doc.title or file.name)
                yield number, found
        batch.opened(number)


# -- in the worker ---------------------------------------------------------------------------------------


def _read(extractor: Extractor, article: Article) -> list[Claim] | str:
    """Claims of one article with their sentences, or why it has none: what fails on one text must not stop the batch."""
    try:
        claims = checked(article, measured(article, extractor.extract(article)))
        return [quoting(claim, article.text) for claim in claims]
    except Exception as error:  # a text from outside can hit a mistake of any kind
        return f"could not be read ({error or type(error).__name__})"


def _read_by_rules(article: Article) -> list[Claim] | str:
    return _read(_rules(), article)


@cache
def _rules() -> RuleExtractor:
    """Make the reader of this process, its parser loaded."""
    parser()
    if parent_process() is not None:
        gc.freeze()  # the parser's objects stay: the collector need not look at them again
    return RuleExtractor()

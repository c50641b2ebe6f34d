"""Several processes work on one question: each has the question's games, and losses are shared out between them.

The process that asks works from the front of the list and the others from its end, so nobody waits for long.
"""

from __future__ import annotations

import multiprocessing
from concurrent.futures import Executor, ProcessPoolExecutor
from contextlib import contextmanager
from typing import TYPE_CHECKING

from tertius.leverage.parts import Part, Question, games, lifelines, solve_part

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from tertius.engine import Elasticities
    from tertius.leverage.game import Cut, Game, Progress, Solver

#: Cut sets that go to a process at once.
SHARE = 64
_mine: dict[str, Game] = {}  # in a worker: the games of its question by reading


@contextmanager
def crew(question: Question, processes: int) -> Iterator[Executor | None]:
    """`processes - 1` workers that know the question, or None for everything in this process."""
    if processes < 2:
        yield None
        return
    executor = ProcessPoolExecutor(
        processes - 1, multiprocessing.get_context("spawn"), initializer=_begin, initargs=(question,)
    )
    try:
        yield executor
    finally:
        executor.shutdown(cancel_futures=True)


def share(executor: Executor, by_reading: dict[str, Game]) -> None:
    """Let the games solve their losses together with the workers."""
    for reading, game in by_reading.items():
        game.solved_elsewhere = _solver(executor, reading, game)


def apart(question: Question, names: Sequence[str]) -> dict[str, Part]:
    """Stakes and curves of some horizons, in a worker."""
    return {name: solve_part(question, name, lifelines(question, name, _mine)) for name in names}


def _begin(question: Question) -> None:
    _mine.update(games(question))


def _losses(
    reading: str, cuts: Sequence[Cut], sets: Sequence[Elasticities]
) -> tuple[list[float], int, tuple[float, str]]:
    game = _mine[reading]
    before = game.solves
    return game.solve_losses(cuts, sets), game.solves - before, game.worst


def _solver(executor: Executor, reading: str, game: Game) -> Solver:
    def solve(
        cuts: Sequence[Cut], sets: Sequence[Elasticities], progress: Progress | None
    ) -> Sequence[float]:
        parts = [slice(k, k + SHARE) for k in range(0, len(cuts), SHARE)]
        if len(parts) < 2:
            return game.solve_losses(cuts, sets, progress)
        sent = {
            k: executor.submit(_losses, reading, cuts[part], sets[part])
            for k, part in reversed(list(enumerate(parts)))
        }
        found: list[float] = []
        for k, part in enumerate(parts):
            if sent[k].cancel():
                found += game.solve_losses(cuts[part], sets[part])
            else:
                losses, solves, worst = sent[k].result()
                found += losses
                game.solves += solves
                game.worst = max(game.worst, worst)
            if progress is not None:
                progress(len(found), len(cuts), "equilibria")
        return found

    return solve

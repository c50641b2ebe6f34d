"""The benchmark's end of the dialogue with the two sides of a comparison (see `serve`)."""

from __future__ import annotations

import json
import statistics
import subprocess
import time
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from tests.bench.measure import ROOT, environment

if TYPE_CHECKING:
    from collections.abc import Sequence


@dataclass
class Side:
    """A process of its own that answers, and what it took.

    Attributes
    ----------
    cold : seconds from starting the process to its first answer.
    times : kind of answer -> seconds of each round.
    said : what it added at the end, `peak_mb` among it.
    """

    name: str
    process: subprocess.Popen[str]
    began: float
    cold: float = 0.0
    times: dict[str, list[float]] = field(default_factory=dict)
    said: dict[str, Any] = field(default_factory=dict)

    @classmethod
    def start(cls, name: str, command: Sequence[str]) -> Side:
        """Start the process and wait until it has handed over what the other side needs."""
        began = time.perf_counter()
        process = subprocess.Popen(
            command,
            cwd=ROOT,
            env=environment(),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        side = cls(name, process, began)
        side._hear()
        side.cold = time.perf_counter() - began
        side._hear()
        return side

    def _hear(self) -> dict[str, Any]:
        assert self.process.stdout is not None
        line = self.process.stdout.readline()
        if not line:
            _, errors = self.process.communicate()
            raise RuntimeError(f"{self.name} stopped: {errors.strip()[-2000:]}")
        return json.loads(line)

    def _ask(self, word: str) -> dict[str, Any]:
        assert self.process.stdin is not None
        self.process.stdin.write(f"{word}\n")
        self.process.stdin.flush()
        return self._hear()

    def round(self) -> None:
        """One more answer of each kind."""
        for kind, seconds in self._ask("round")["seconds"].items():
            self.times.setdefault(kind, []).append(seconds)

    def end(self) -> None:
        """Hear the rest."""
        self.said = self._ask("end")
        self.process.communicate()

    def median(self, kind: str) -> float:
        """Seconds."""
        return statistics.median(self.times[kind])


def rounds(sides: Sequence[Side], repeat: int) -> None:
    """Let the sides answer in turn, so that a busy machine slows all, then end them."""
    for _ in range(repeat):
        for side in sides:
            side.round()
    for side in sides:
        side.end()

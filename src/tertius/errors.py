"""One error tree, and the helper that suggests what was meant.

::

    TertiusError                 everything this package raises on purpose
    ├── InputError               text, a file or an option from outside is wrong (exit code 2)
    │   ├── UnknownNameError     a country, sector, measure ... that does not exist
    │   └── DataError            a source file or an array is not what it should be
    └── SolveError               the economics has no answer, and the message says where
        ├── InfeasibleError      a used input lost every supplier
        └── NotConvergedError    the residual stayed above the tolerance
"""

from __future__ import annotations

import difflib
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence


class TertiusError(Exception):
    """Everything this package raises on purpose."""


class InputError(TertiusError):
    """One or more mistakes in what the user gave; all are reported at once.

    Parameters
    ----------
    problems : one message, or several; each says what, where and what is possible.
    """

    def __init__(self, problems: str | Iterable[str]) -> None:
        self.problems: tuple[str, ...] = (problems,) if isinstance(problems, str) else tuple(problems)
        super().__init__("\n".join(self.problems))


class UnknownNameError(InputError):
    """A name that is not in the list it must come from."""


class DataError(InputError):
    """A source file or an array is not what it should be."""


class SolveError(TertiusError):
    """The economics has no answer, and the message says where."""


class InfeasibleError(SolveError):
    """A used input lost every supplier."""


class NotConvergedError(SolveError):
    """The residual stayed above the tolerance."""


def did_you_mean(word: str, possible: Sequence[str], *, more: str = "") -> str:
    """Return ``' Did you mean "x"?'`` or the list of what is possible.

    Parameters
    ----------
    word : what was written.
    possible : the names that would have been accepted.
    more : where the full list can be seen, for example ``"tertius world sectors"``.
    """
    lowered = {name.lower(): name for name in reversed(possible)}
    near = difflib.get_close_matches(word.lower(), list(lowered), n=3, cutoff=0.6)
    if near:
        names = " or ".join(f'"{lowered[n]}"' for n in near)
        hint = f" Did you mean {names}?"
    elif len(possible) <= 12:
        hint = " Possible: " + ", ".join(possible) + "."
    else:
        hint = f" {len(possible)} are possible."
    return hint + (f" ({more} lists all)" if more else "")


def unknown(kind: str, word: str, possible: Sequence[str], *, where: str = "", more: str = "") -> str:
    """Return the message for a name that is not known: what, where, what is possible."""
    at = f"{where}: " if where else ""
    return f'{at}unknown {kind} "{word}".{did_you_mean(word, possible, more=more)}'

"""The scenarios that come with the package."""

from __future__ import annotations

from importlib import resources
from pathlib import Path
from typing import TYPE_CHECKING

from tertius.errors import UnknownNameError, unknown

if TYPE_CHECKING:
    from tertius.scenario.document import Scenario

_HOME = "tertius.scenario"


def library() -> tuple[str, ...]:
    """Names of the scenarios that come with the package."""
    files = (resources.files(_HOME) / "library").iterdir()
    return tuple(sorted(f.name.removesuffix(".yaml") for f in files if f.name.endswith(".yaml")))


def path_of(name: str) -> Path:
    """File of a library scenario; raises UnknownNameError."""
    if name not in library():
        raise UnknownNameError(unknown("scenario", name, library(), more="tertius scenario list"))
    return Path(str(resources.files(_HOME) / "library" / f"{name}.yaml"))


def load(name: str) -> Scenario:
    """Read a library scenario; raises UnknownNameError."""
    from tertius.scenario.read import read_scenario

    return read_scenario(path_of(name))

"""Virtual environments of the peers, made on demand from the package registry, with pinned versions.

Peers are run, never imported, linked or copied; the licence of each is stated beside its pins.
"""

from __future__ import annotations

import hashlib
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

from tests.bench.measure import ROOT

#: Git-ignored, and gone with `make clean`.
FOLDER = ROOT / ".venv" / "peers"
_LIMIT = 300  # seconds


@dataclass(frozen=True, slots=True)
class Peer:
    """A package to compare with: what to install, and the script that its Python runs."""

    name: str
    version: str
    licence: str
    needs: tuple[str, ...]

    @property
    def pins(self) -> tuple[str, ...]:
        """Everything that is installed; nothing else is resolved."""
        return (f"{self.name}=={self.version}", *self.needs)


class Unavailable(Exception):
    """A peer cannot be had here; the message says why."""


PEERS = {
    "gegravity": Peer(
        "gegravity",
        "0.3",
        "MIT",
        (
            "gme==1.3.1",
            "numpy==2.2.6",
            "scipy==1.15.3",
            "pandas==2.2.3",
            "statsmodels==0.14.4",
            "patsy==1.0.1",
            "matplotlib==3.10.3",
            "packaging==25.0",
            "python-dateutil==2.9.0.post0",
            "pytz==2025.2",
            "tzdata==2025.2",
            "six==1.17.0",
            "contourpy==1.3.2",
            "cycler==0.12.1",
            "fonttools==4.58.0",
            "kiwisolver==1.4.8",
            "pillow==11.2.1",
            "pyparsing==3.2.3",
        ),
    ),
    # Its window needs a web framework; its model does not.
    "sanction-simulator": Peer(
        "sanction-simulator",
        "0.1.4",
        "MIT",
        (
            "numpy==2.2.6",
            "pandas==2.2.3",
            "python-dateutil==2.9.0.post0",
            "pytz==2025.2",
            "tzdata==2025.2",
            "six==1.17.0",
        ),
    ),
}


def python_of(peer: Peer) -> Path:
    """The Python of the peer's environment, made now if it is not there.

    Raises
    ------
    Unavailable
        uv is missing, the registry is out of reach, or a pin has no file for this Python.
    """
    folder = FOLDER / peer.name
    python, stamp = folder / "bin" / "python", folder / "pins"
    wanted = hashlib.sha256("\n".join((sys.version, *peer.pins)).encode()).hexdigest()
    if python.exists() and stamp.exists() and stamp.read_text(encoding="ascii") == wanted:
        return python
    uv = next((str(p) for p in (Path(sys.executable).parent / "uv",) if p.exists()), None) or shutil.which(
        "uv"
    )
    if uv is None:
        raise Unavailable("uv, which makes the environments of the peers, is not installed")
    shutil.rmtree(folder, ignore_errors=True)
    _call([uv, "venv", "--quiet", "--python", sys.executable, str(folder)], f"no environment for {peer.name}")
    _call(
        [uv, "pip", "install", "--quiet", "--no-deps", "--python", str(python), *peer.pins],
        f"{peer.name} {peer.version} could not be installed from the package registry",
    )
    stamp.write_text(wanted, encoding="ascii")
    return python


def _call(command: list[str], otherwise: str) -> None:
    try:
        done = subprocess.run(command, capture_output=True, text=True, timeout=_LIMIT, check=False)
    except subprocess.TimeoutExpired:
        raise Unavailable(f"{otherwise} within {_LIMIT} seconds") from None
    if done.returncode:
        lines = [line.strip() for line in done.stderr.splitlines() if line.strip()]
        sys.stderr.write("\n".join(lines) + "\n")
        raise Unavailable(
            f"{otherwise} (exit code {done.returncode} of uv; its words are in the output of the run)"
        )

"""What the pages share: the template environment, our own files, the hash of a script."""

from __future__ import annotations

import base64
import hashlib
from pathlib import Path
from typing import TYPE_CHECKING

from tertius.report.safe import visible

if TYPE_CHECKING:
    from jinja2 import Environment


def environment() -> Environment:
    """Return templates that escape every text and show what is hidden in it."""
    from jinja2 import Environment, PackageLoader, StrictUndefined
    from markupsafe import Markup

    def shown(value: object) -> object:
        return visible(value) if type(value) is str else value

    made = Environment(
        loader=PackageLoader("tertius.report"),
        autoescape=True,
        undefined=StrictUndefined,
        finalize=shown,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    made.filters["markup"] = Markup  # for our own style sheet, script and pictures only
    made.filters["sentence"] = lambda words: words[:1].upper() + words[1:]
    return made


def resource(name: str) -> str:
    """Return one of our own files beside the templates."""
    return (Path(__file__).parent / "templates" / name).read_text(encoding="utf-8")


def script_hash(script: str) -> str:
    """Return the hash by which a page's policy allows this script and no other."""
    return base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()

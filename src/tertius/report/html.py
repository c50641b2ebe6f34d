"""The page: one self-contained HTML file, with the JSON document and the figures beside it."""

from __future__ import annotations

import re
import shutil
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Any

from tertius.errors import InputError
from tertius.leverage.assessment import Quantity
from tertius.leverage.document import to_json
from tertius.report import moved, numbers, tables
from tertius.report.figures import largest
from tertius.report.html_base import environment, resource, script_hash
from tertius.report.ledger_page import of_report
from tertius.report.names import CHANNELS, Names, words
from tertius.report.pictures import FIGURES, Picture, pictures
from tertius.report.records import quantity_of, record
from tertius.report.staircase import breaks, staircase
from tertius.report.trace import LEDGER, Trace, anchor

if TYPE_CHECKING:
    from jinja2 import Environment
    from markupsafe import Markup

    from tertius.leverage.assessment import Assessment
    from tertius.report.records import Record

PAGE, DOCUMENT = "index.html", "assessment.json"


def write_report(assessment: Assessment, folder: str | Path) -> Path:
    """Write index.html, ledger.html, assessment.json and figure-*.svg into `folder` and return the page's path.

    Everything is made first and put in place at the end, the page last; other files in the folder stay.

    Raises
    ------
    InputError
        `folder` is a file, or cannot be written.
    """
    folder = check_folder(folder)
    drawn = pictures(assessment)
    files = {f"figure-{picture.name}.svg": picture.wide + "\n" for picture in drawn}
    files |= {DOCUMENT: to_json(assessment), **pages(assessment, drawn)}
    try:
        _put(files, folder)
    except OSError as error:
        raise InputError(f"--report {folder}: cannot be written ({error.strerror})") from error
    return folder / PAGE


def check_folder(folder: str | Path) -> Path:
    """Return the folder as a path, before anything long is computed; raises InputError if it is a file."""
    folder = Path(folder)
    if any(path.exists() and not path.is_dir() for path in (folder, *folder.parents)):
        raise InputError(f"--report {folder}: there is a file of that name; give a folder")
    return folder


def pages(assessment: Assessment, drawn: tuple[Picture, ...] | None = None) -> dict[str, str]:
    """Return the page and the ledger page by file name. Everything that comes from claims is escaped."""
    names, trace = Names(assessment), Trace(assessment)
    main = _page(assessment, drawn or pictures(assessment), names, trace)
    return {LEDGER: of_report(assessment, trace, names), PAGE: main}


def page(assessment: Assessment, drawn: tuple[Picture, ...] | None = None) -> str:
    """Return the main page alone."""
    return _page(assessment, drawn or pictures(assessment), Names(assessment), Trace(assessment))


def _page(assessment: Assessment, drawn: tuple[Picture, ...], names: Names, trace: Trace) -> str:
    templates = _environment()
    templates.globals.update(trace=trace, notes=Notes(), names=names)
    script = resource("report.js")
    return templates.get_template("report.html.j2").render(
        a=assessment,
        pictures={picture.name: picture for picture in drawn},
        tables={name: getattr(tables, name)(assessment) for name in TABLES},
        moved=moved,
        curve_table=tables.curve(assessment, assessment.curve),
        steps=_steps(assessment, names),
        main_lines={id(line) for line in largest(assessment.lifelines, PRINTED)},
        legal=_legal(assessment),
        channels=CHANNELS,
        css=resource("report.css"),
        script=script,
        script_hash=script_hash(script),
    )


TABLES = (
    "breaking", "losses", "sender", "lifelines", "smaller", "attribution", "costs", "third_parties", "needs",
    "enforced", "swing",
)  # fmt: skip
PRINTED = 12  # lifelines whose q* is taken apart on paper, too


class Notes:
    """Footnotes of the page, numbered as they come up; the same words share a number."""

    def __init__(self) -> None:
        self.words: dict[str, int] = {}

    def number(self, words: str) -> int:
        """Return the number of this note."""
        return self.words.setdefault(words, len(self.words) + 1)


def describe(quantity: Quantity, trace: Trace) -> str:
    """Return the tooltip of a number: all three values, unit, year, and what it rests on."""
    shown = numbers.unit(quantity)
    values = [
        f"{name} {numbers.number(None if x is None else x * shown.factor, 3)}"
        for name, x in (("low", quantity.low), ("central", quantity.central), ("high", quantity.high))
    ]
    labels = [link.label for link in trace.links(quantity.sources)]
    basis = "Rests on: " + " | ".join(labels) if labels else "No source is given."
    note = f"{quantity.note}. " if quantity.note else ""
    return f"{', '.join(values)} {numbers.dated(quantity)}. {note}{basis}"


def _environment() -> Environment:
    made = environment()
    made.filters |= {
        "quantity": quantity_of,
        "shown": numbers.parts,
        "describe": describe,
        "keep_bands": keep_bands,
        "identity": id,
    }
    made.globals.update(numbers=numbers, anchor=anchor, words=words)
    made.tests["quantity"] = lambda value: isinstance(value, Quantity)
    return made


def _steps(assessment: Assessment, names: Names) -> list[dict[str, Any]]:
    """Return the curve for the slider: the solved points with bands, and between them what breaks."""
    steps = [{"q": p.q, "text": numbers.text(p.leverage), "breaks": []} for p in assessment.curve]
    level = dict(
        staircase(assessment.curve, assessment.lifelines)
    )  # of two corners at one q the upper one stays
    for each in breaks(assessment.lifelines):
        if each.q < 1 and each.q in level:
            words = [names.lifeline(each.supporter, " + ".join(each.channels))]
            steps.append(
                {"q": each.q, "text": f"about {numbers.number(100 * level[each.q])} %", "breaks": words}
            )
    return sorted(steps, key=lambda step: float(str(step["q"])))


def _legal(assessment: Assessment) -> list[tuple[str, Record]]:
    """Return the claims about the legal state of measures of the kinds asked for, oldest first."""
    kinds = [measure.split()[0] for measure in assessment.measures if measure]
    found = [
        (str(claim["legal"]).replace("_", " "), record(key, claim))
        for key, claim in assessment.claims.items()
        if claim.get("legal") and any(kind in str(claim.get("measure")) for kind in kinds)
    ]
    return sorted(found, key=lambda each: each[1].said)


def keep_bands(words: str) -> Markup:
    """Escape a sentence and keep every "[low–high] %" on one line."""
    from markupsafe import Markup, escape

    words = words.replace(" %", "\N{NO-BREAK SPACE}%")
    pieces = re.split(r"([\d.]*(?:\xa0%)? ?\[[^\]\s]{1,24}\](?:\xa0%)?)", words)
    kept = [
        Markup('<span class="keep">{}</span>').format(piece) if at % 2 else escape(piece)
        for at, piece in enumerate(pieces)
    ]
    return Markup("").join(kept)


def _put(files: dict[str, str], folder: Path) -> None:
    folder.parent.mkdir(parents=True, exist_ok=True)
    made = Path(tempfile.mkdtemp(prefix=f".{folder.name}-", dir=folder.parent))
    try:
        for name, text in files.items():
            (made / name).write_text(text, encoding="utf-8")
        folder.mkdir(exist_ok=True)
        for name in files:  # the page is the last one
            (made / name).replace(folder / name)
    finally:
        shutil.rmtree(made, ignore_errors=True)
    for name in FIGURES:  # a figure of an earlier run that this one has no numbers for
        if f"figure-{name}.svg" not in files:
            (folder / f"figure-{name}.svg").unlink(missing_ok=True)

"""Write the generated documentation anew: schemas, the data sheet's tables, the validation page (`make docs`).

Everything is made before anything is written, and each file is replaced whole.
"""

from __future__ import annotations

import json
import os
import sys
import tempfile
from pathlib import Path

DOCS = Path(__file__).parent
_MARK = "<!-- generated -->\n"


def schemas() -> dict[Path, str]:
    """The JSON schemas of an assessment, a scenario and a sweep's grid."""
    from tertius.leverage.document import schema_text
    from tertius.leverage.sweep import schema as sweep
    from tertius.scenario.schema import schema as scenario

    folder = DOCS / "schema"
    return {
        folder / "assessment.schema.json": schema_text(),
        folder / "scenario.schema.json": json.dumps(scenario(), indent=2) + "\n",
        folder / "sweep.schema.json": json.dumps(sweep(), indent=2) + "\n",
    }


def data_sheet() -> dict[Path, str]:
    """The data sheet with its generated half made from the shipped snapshots; the written half stays."""
    from tertius.world.datasheet import data_sheet as tables

    page = DOCS / "data-sheet.md"
    written, mark, _ = page.read_text(encoding="utf-8").partition(_MARK)
    if not mark:
        raise SystemExit(f"{page.name}: no line {_MARK.strip()}")
    return {page: written + mark + tables()}


def validation() -> dict[Path, str]:
    """The validation page, every figure on it computed now."""
    from tertius.report.validation import validate
    from tertius.report.validation.page import markdown

    return {DOCS / "validation.md": markdown(validate())}


def write(path: Path, text: str) -> bool:
    """Replace a file whole if its text changed; say whether it did."""
    if path.exists() and path.read_text(encoding="utf-8") == text:
        return False
    path.parent.mkdir(exist_ok=True)
    handle, temporary = tempfile.mkstemp(dir=path.parent, prefix=path.name, suffix=".part")
    with os.fdopen(handle, "w", encoding="utf-8") as out:
        out.write(text)
    Path(temporary).chmod(0o644)
    Path(temporary).replace(path)
    return True


def main() -> None:
    """Make all, then write all, and list what changed."""
    made = schemas() | data_sheet() | validation()
    for path, text in made.items():
        state = "written" if write(path, text) else "unchanged"
        sys.stdout.write(f"{path.relative_to(DOCS.parent)}: {state}\n")


if __name__ == "__main__":
    main()

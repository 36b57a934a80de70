"""Records that are tables: one CSV file a run, named by what was measured, on what kind of machine, and when."""

from __future__ import annotations

import csv
import platform
from collections.abc import Iterable, Mapping
from datetime import date
from pathlib import Path

FOLDER = Path(__file__).resolve().parent / "record"


def write(what: str, rows: Iterable[Mapping[str, object]]) -> Path:
    """Write rows, each by the names of its columns; a row that lacks a column leaves it empty.

    Returns:
        The file, relative to the project's root.
    """
    rows = list(rows)
    FOLDER.mkdir(exist_ok=True)
    record = FOLDER / f"{what}-{platform.machine()}-{date.today()}.csv"
    with record.open("w", newline="", encoding="utf-8") as file:
        names = list(dict.fromkeys(name for row in rows for name in row))
        writer = csv.DictWriter(file, fieldnames=names, lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)
    return record.relative_to(FOLDER.parent.parent)

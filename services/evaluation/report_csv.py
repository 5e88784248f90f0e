"""Rows as CSV that a spreadsheet opens without running what stands in it."""

import csv
from collections.abc import Iterable
from io import StringIO

from services.evaluation.report import COLUMNS, Row

_FORMULA = ("=", "+", "-", "@", "\t", "\r")


def to_csv(rows: Iterable[Row]) -> str:
    text = StringIO()
    writer = csv.writer(text)
    writer.writerow(COLUMNS)
    writer.writerows([cell(value) for value in row] for row in rows)
    return text.getvalue()


def cell(value: str | int | float | None) -> str | int | float:
    """A spreadsheet takes a text that begins so for a formula; an apostrophe makes it a text again."""
    if value is None:
        return ""
    return f"'{value}" if isinstance(value, str) and value.startswith(_FORMULA) else value

"""The page on security names a test for every kind of abuse, and each of them exists."""

import ast
import re
from pathlib import Path

ROOT = Path(__file__).parents[1]
_ROW = re.compile(r"^\| (\d+|–) \| .+ \| .+ \| (.+) \|$", re.MULTILINE)
_NAMED = re.compile(r"`(tests/[\w/]+\.py)::(test_\w+)`")


def rows(page: str) -> dict[str, str]:
    """What shows each row of the table, by its number."""
    return dict(_ROW.findall(page.partition("## Abuse")[2]))


def missing(shown_by: str) -> list[str]:
    """The tests of a cell that do not exist."""
    named = _NAMED.findall(shown_by)
    if not named:
        return [shown_by]
    return [f"{file}::{test}" for file, test in named if test not in _tests(ROOT / file)]


def _tests(file: Path) -> set[str]:
    if not file.exists():
        return set()
    tree = ast.parse(file.read_text("utf-8"))
    return {node.name for node in tree.body if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)}


def test_each_of_the_24_rows_is_shown_by_tests_that_exist() -> None:
    table = rows((ROOT / "docs" / "security.md").read_text("utf-8"))
    assert {str(number) for number in range(1, 25)} <= table.keys()
    assert {number: gone for number, cell in table.items() if (gone := missing(cell))} == {}


def test_a_test_that_is_gone_is_noticed() -> None:
    """The control."""
    assert missing("`tests/test_security_page.py::test_that_never_was`")
    assert missing("`tests/test_no_such_file.py::test_anything`")
    assert missing("somebody looked at it")
    assert not missing("`tests/test_security_page.py::test_a_test_that_is_gone_is_noticed`")

"""What a page that shows a receipt tells."""

import re

_NUMBER = re.compile(r">(LP/[AB]/[^<]+)<")
_CODE = re.compile(r'class="code"[^>]*>([^<]+)<')


def read_receipt(page: str) -> tuple[str, str]:
    """The register number and the tracking code."""
    number, code = _NUMBER.search(page), _CODE.search(page)
    assert number, page
    assert code, page
    return number[1], code[1]

"""Tables as cards: on a phone each row is a card, whose cells stand after the heading of their
column (static/css/tables.css).
"""

import re

from markupsafe import Markup

_HEADING = re.compile(r"<th\b([^>]*)>(.*?)</th>", re.DOTALL)
_MARKUP = re.compile(r"<[^>]*>")
_TAG = re.compile(r"<(tr|t[hd])\b([^>]*)>")
_SPAN = re.compile(r'\bcolspan="(\d+)"')
_NO_LABEL = re.compile(r'class="[^"]*\bno-label\b')


def card_cells(rows: Markup) -> Markup:
    """The rows of a table (one row of headings in a ``thead``, then the others), each ``td`` with
    the heading of its column as ``data-label``.

    Cells of a column whose heading has the class ``no-label`` speak for themselves; a cell that
    spans columns, and the row's own heading (``th``), get none either.
    """
    head, mark, body = str(rows).partition("</thead>")
    labels = [_label(*heading) for heading in _HEADING.findall(head)]
    column = 0

    def labelled(match: re.Match[str]) -> str:
        nonlocal column
        name, attributes = match.groups()
        if name == "tr":
            column = 0
            return match[0]
        span = _SPAN.search(attributes)
        label = labels[column] if column < len(labels) else ""
        column += int(span[1]) if span else 1
        if name == "th" or span or not label:
            return match[0]
        return f'<td{attributes} data-label="{label}">'

    return Markup(head + mark + _TAG.sub(labelled, body))  # noqa: S704 - it was markup before


def _label(attributes: str, text: str) -> str:
    """The text of a heading, escaped as it was; empty where its cells speak for themselves."""
    if _NO_LABEL.search(attributes):
        return ""
    return " ".join(_MARKUP.sub("", text).split()).replace('"', "&#34;")

"""Read XML from outside: no document type, no entities, no more elements than a statement has.

The standard library's expat is used directly. A document type is refused where it begins, so there
is no entity to expand, to nest or to fetch; the package defusedxml would refuse the same and add
nothing, because it wraps this parser. What is left to bound is the number of elements, their depth
and the size of the file.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from xml.parsers import expat

from fundapp.banking.statement_files.decoding import (
    AS_BANK_GIVES,
    CONTROL,
    SHORTER_PERIOD,
    WHOLE_FILE,
    require_size,
    unreadable,
)
from fundapp.banking.statement_files.parsed import StatementRejected, rejected
from fundapp.markers import N_

#: A file of the largest size has fewer, unless it is made to be slow.
MOST_ELEMENTS = 300_000
DEEPEST = 40

_DECLARED = re.compile(rb"""\s*<\?xml[^>]{0,200}?encoding\s*=\s*["']([A-Za-z0-9._-]{1,40})["']""")
_UTF_16_MARKS = (b"\xff\xfe", b"\xfe\xff")
_ENCODINGS = {
    "utf-8": "utf-8-sig", "utf8": "utf-8-sig", "us-ascii": "ascii", "ascii": "ascii",
    "windows-874": "cp874", "cp874": "cp874", "tis-620": "cp874", "iso-8859-11": "cp874",
}  # fmt: skip


@dataclass(slots=True)
class Element:
    """One element: its name without the namespace, its ``Ccy``, its text and its children."""

    name: str
    namespace: str
    currency: str
    line: int
    pieces: list[str] = field(default_factory=list)
    children: list["Element"] = field(default_factory=list)

    @property
    def text(self) -> str:
        """Its own text in one line."""
        return " ".join("".join(self.pieces).split())

    def all(self, path: str) -> Iterator["Element"]:
        """The elements at a path of names below it, such as "Tp/Cd"."""
        name, _, rest = path.partition("/")
        for child in self.children:
            if child.name == name:
                if rest:
                    yield from child.all(rest)
                else:
                    yield child

    def first(self, path: str) -> "Element | None":
        """The first of them; None without one."""
        return next(self.all(path), None)

    def value(self, *paths: str) -> str:
        """The text of the first element at one of the paths that has any."""
        return next((each.text for path in paths for each in self.all(path) if each.text), "")


def read_xml(data: bytes) -> Element:
    """The root element of ``data``; `StatementRejected` for all that is no plain XML."""
    require_size(data)
    text = _decoded(data)
    if CONTROL.search(text):
        raise unreadable()
    tree = _Tree()
    try:
        tree.parser.Parse(text.encode(), True)
    except expat.ExpatError as error:
        problem = N_("The XML of the file is broken in line %(line)s.")
        raise rejected("bad_xml", problem, WHOLE_FILE, line=error.lineno) from None
    return tree.root


def _decoded(data: bytes) -> str:
    """The text of the file in the encoding that it declares."""
    if data.startswith(_UTF_16_MARKS):
        encoding = "utf-16"
    else:
        declared = _DECLARED.match(data.removeprefix(b"\xef\xbb\xbf"))
        name = declared.group(1).decode() if declared else "utf-8"
        encoding = _ENCODINGS.get(name.lower(), "")
        if not encoding:
            problem = N_("The file is written in %(encoding)s, in which Thai letters are lost.")
            raise rejected("encoding", problem, AS_BANK_GIVES, encoding=name)
    try:
        return data.decode(encoding)
    except UnicodeDecodeError:
        raise unreadable() from None


class _Tree:
    """Collects the elements while expat reads."""

    def __init__(self) -> None:
        self.root = Element("", "", "", 0)
        self._open: list[Element] = []
        self._count = 0
        # The text is UTF-8 by now, whatever encoding it declares.
        self.parser = expat.ParserCreate("utf-8", " ")
        self.parser.buffer_text = True
        self.parser.StartDoctypeDeclHandler = self._refuse_doctype
        self.parser.EntityDeclHandler = self._refuse_doctype
        self.parser.StartElementHandler = self._start
        self.parser.EndElementHandler = self._end
        self.parser.CharacterDataHandler = self._text

    def _refuse_doctype(self, *_declared: object) -> None:
        problem = N_("The file declares a document type or entities, which no bank's file does.")
        raise rejected("doctype", problem, AS_BANK_GIVES)

    def _start(self, name: str, attributes: dict[str, str]) -> None:
        self._count += 1
        if self._count > MOST_ELEMENTS or len(self._open) >= DEEPEST:
            raise _too_many()
        namespace, _, local = name.rpartition(" ")
        line = self.parser.CurrentLineNumber
        element = Element(local, namespace, attributes.get("Ccy", ""), line)
        if self._open:
            self._open[-1].children.append(element)
        else:
            self.root = element
        self._open.append(element)

    def _end(self, _name: str) -> None:
        self._open.pop()

    def _text(self, text: str) -> None:
        self._open[-1].pieces.append(text)


def _too_many() -> StatementRejected:
    problem = N_("The file has far more elements than a statement of this size has.")
    return rejected("too_many_elements", problem, SHORTER_PERIOD)

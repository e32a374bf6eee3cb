"""Downloads that are generated while they are sent."""

from collections.abc import Iterable, Iterator, Sequence

from flask import Response, request, stream_with_context

from fundapp.csv_safety import Cell, csv_lines

#: Without this mark Excel reads a file in the system's old code page, and Thai is unreadable.
BYTE_ORDER_MARK = "\ufeff"


def wants_csv() -> bool:
    """Whether the rows of a list are asked for as a file."""
    return request.args.get("format") == "csv"


def csv_download(name: str, header: Sequence[str], rows: Iterable[Sequence[Cell]]) -> Response:
    """A CSV file in UTF-8 that spreadsheets read correctly; see `fundapp.csv_safety`."""

    def pieces() -> Iterator[str]:
        yield BYTE_ORDER_MARK
        yield from csv_lines(header, rows)

    return text_download(f"{name}.csv", "text/csv", pieces())


def text_download(file_name: str, media_type: str, pieces: Iterator[str]) -> Response:
    """A text file in UTF-8, sent piece by piece; ``file_name`` is ASCII."""
    response = Response(stream_with_context(pieces), content_type=f"{media_type}; charset=utf-8")
    response.headers["Content-Disposition"] = f'attachment; filename="{file_name}"'
    return response

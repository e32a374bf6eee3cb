"""Reads lists of places as they are published: CSV files, distinguished by their headings.

A list of subdistricts has a column ``subdistrict_code``, one of districts ``district_code``, one of
provinces ``province_code``; names are in ``name_th``, ``name_en`` and, optionally, ``name_ms``. A
list of subdistricts may name its districts in ``district_th`` and ``district_en``. Other columns
are ignored.
"""

import csv
import io
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path

from fundapp.markers import N_
from fundapp.places.errors import PlacesRejectedError, RowError
from fundapp.thai.folding import fold_signs

_DATA = Path(__file__).with_name("data")
MAX_BYTES = 10 * 1024 * 1024
MAX_ROWS = 20_000
MAX_ERRORS = 50
#: UTF-8 with or without a byte order mark; the code page of older Thai spreadsheets.
_ENCODINGS = ("utf-8-sig", "cp874")


@dataclass(frozen=True, slots=True)
class PlaceRow:
    """A province, district or subdistrict of a list, by the length of its code."""

    code: str
    name_th: str
    name_en: str
    name_ms: str = ""
    postal_code: str = ""
    row: int = 0


@dataclass(frozen=True, slots=True)
class PlaceList:
    """The places of a file; ``named_districts`` are those that a list of subdistricts names."""

    provinces: tuple[PlaceRow, ...] = ()
    districts: tuple[PlaceRow, ...] = ()
    subdistricts: tuple[PlaceRow, ...] = ()
    named_districts: Mapping[str, PlaceRow] = field(default_factory=dict)


def read_places(data: bytes) -> PlaceList:
    """The places in a CSV file. Raises PlacesRejectedError, which names the wrong rows."""
    rows = _rows(_text(data))
    headings = [heading.strip().lower() for heading in next(rows, [])]
    key, digits = _kind(headings)
    reader = _Reader(key, digits)
    for number, cells in enumerate(rows, start=2):
        if number > MAX_ROWS + 1:
            raise PlacesRejectedError("it has more than 20,000 rows")
        if any(cell.strip() for cell in cells):
            reader.read_row(number, dict(zip(headings, map(str.strip, cells), strict=False)))
    return reader.result()


@lru_cache(maxsize=1)
def official_provinces() -> Mapping[str, PlaceRow]:
    """The 77 provinces by code, from the list of this package."""
    listed = read_places((_DATA / "provinces.csv").read_bytes())
    return {row.code: row for row in listed.provinces}


def _text(data: bytes) -> str:
    if len(data) > MAX_BYTES:
        raise PlacesRejectedError("the file is larger than 10 MB")
    for encoding in _ENCODINGS:
        try:
            text = data.decode(encoding)
        except UnicodeDecodeError:
            continue
        if "\x00" not in text:
            return text
    raise PlacesRejectedError("the file is not text; save it as CSV UTF-8")


def _rows(text: str) -> Iterator[list[str]]:
    heading = text.partition("\n")[0]
    delimiter = max(",;\t", key=heading.count)
    try:
        yield from csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)
    except csv.Error as error:
        raise PlacesRejectedError(f"the file is not CSV ({error})") from error


def _kind(headings: list[str]) -> tuple[str, int]:
    for key, digits in (("subdistrict_code", 6), ("district_code", 4), ("province_code", 2)):
        if key in headings:
            missing = {"name_th", "name_en"} - set(headings)
            if missing:
                raise PlacesRejectedError(f"the column {min(missing)} is missing")
            return key, digits
    raise PlacesRejectedError(
        "the first line must name the columns; subdistrict_code, district_code or province_code, "
        "name_th and name_en are needed"
    )


class _Reader:
    """Collects the rows of one kind of list, and their errors."""

    def __init__(self, key: str, digits: int) -> None:
        self.key = key
        self.digits = digits
        self.places: dict[str, PlaceRow] = {}
        self.named: dict[str, PlaceRow] = {}
        self.errors: list[RowError] = []

    def read_row(self, number: int, cells: Mapping[str, str]) -> None:
        """Check one row and keep it."""
        before = len(self.errors)
        place = PlaceRow(
            code=self._code(number, self.key, cells, self.digits),
            name_th=self._name(number, "name_th", cells),
            name_en=self._name(number, "name_en", cells),
            name_ms=cells.get("name_ms", ""),
            postal_code=self._postal_code(number, cells),
            row=number,
        )
        self._check_parents(number, place.code, cells)
        if len(self.errors) > before:
            return
        if place.code in self.places:
            self._note(number, self.key, N_("%(code)s is in the list twice."), code=place.code)
        self.places[place.code] = place

    def result(self) -> PlaceList:
        """The list. Raises PlacesRejectedError if any row was wrong."""
        if self.errors:
            reason = f"{len(self.errors)} rows are wrong"
            raise PlacesRejectedError(reason, self.errors[:MAX_ERRORS])
        if not self.places:
            raise PlacesRejectedError("it has no rows")
        places = tuple(self.places.values())
        kinds: dict[int, Callable[[], PlaceList]] = {
            2: lambda: PlaceList(provinces=places),
            4: lambda: PlaceList(districts=places),
            6: lambda: PlaceList(subdistricts=places, named_districts=self.named),
        }
        return kinds[self.digits]()

    def _code(self, number: int, column: str, cells: Mapping[str, str], digits: int) -> str:
        code = fold_signs(cells.get(column, ""))
        if len(code) != digits or not (code.isascii() and code.isdigit()):
            self._note(
                number, column, N_("%(text)r is not a code of %(digits)d digits."),
                text=code, digits=digits,
            )  # fmt: skip
        return code

    def _name(self, number: int, column: str, cells: Mapping[str, str]) -> str:
        name = " ".join(cells.get(column, "").split())
        if not name:
            self._note(number, column, N_("The name is missing."))
        return name

    def _postal_code(self, number: int, cells: Mapping[str, str]) -> str:
        code = fold_signs(cells.get("postal_code", ""))
        if code and (len(code) != 5 or not (code.isascii() and code.isdigit())):
            self._note(number, "postal_code", N_("%(text)r is not a postal code."), text=code)
        return code

    def _check_parents(self, number: int, code: str, cells: Mapping[str, str]) -> None:
        """A code begins with the code of the district and province of the place."""
        for column, digits in (("province_code", 2), ("district_code", 4)):
            if digits >= self.digits or column not in cells:
                continue
            parent = self._code(number, column, cells, digits)
            if not code.startswith(parent):
                self._note(
                    number, column, N_("%(code)s does not begin with %(parent)s."),
                    code=code, parent=parent,
                )  # fmt: skip
        if self.digits == 6 and cells.get("district_th"):
            name_th = cells["district_th"]
            name_en = cells.get("district_en") or name_th
            self.named.setdefault(code[:4], PlaceRow(code[:4], name_th, name_en, row=number))

    def _note(self, number: int, column: str, problem: str, **params: object) -> None:
        self.errors.append(RowError(number, column, problem, params))

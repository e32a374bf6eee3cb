"""Read the statements of an MT940 file, as banks take them from SWIFT.

Written here and not taken from the package mt-940 (5.1.1): that reads 30 February as the 29th,
reads all statements of a file as one and does not ask whether the balances add up, so a file which
must be refused would come in. What a field means follows SWIFT's Standards MT, category 9.

The words of the bank (the type of an entry, the posting text of a structured :86:) become the
description; what a payer may have typed, with his name and references, becomes the detail.
"""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from fundapp.banking.statement_files.cells import MAX_LINE_ENDS, MAX_ROWS, too_many_rows
from fundapp.banking.statement_files.decoding import WHOLE_FILE, decode, empty
from fundapp.banking.statement_files.entries import (
    ASK_BANK,
    Balance,
    Entry,
    EntryPart,
    Section,
    account_digits,
    require_baht,
    require_possible,
    require_sum,
    statements_of,
)
from fundapp.banking.statement_files.parsed import (
    ParsedStatement,
    Problems,
    StatementRejected,
    rejected,
)
from fundapp.banking.statement_files.swift_texts import (
    FEE,
    TaggedText,
    read_text,
    reversal_of,
    taken_amounts,
    type_name,
)
from fundapp.markers import N_

#: What people call it.
TITLE = "MT940 (SWIFT)"

_BEGINS = re.compile(r"(?:\A|[\r\n]):20:")
_LINE_END = re.compile(r"\r\n|\r|\n")
#: Some banks leave the marks of the transmission around the text.
_FRAMING = b"\x01\x02\x03\x04 \t\r\n\x1a"
_TAG = re.compile(r":([0-9]{2}[A-Z]?|NS):")
#: What may stand between two statements.
_ENVELOPE = re.compile(r"\{[1-5S]:.*|-\}?.*|:?940:?|[A-Z]{6}[A-Z0-9]{2,6}|\$|")
_ENDS = re.compile(r"-(\}.*)?")
_ORDER = re.compile(
    r"20 (21 )?(25P? )(NS )?(28C? )?(NS )?60[FM] (61 ((86|NS) )*)*62[FM] (64 )?(65 )*((86|NS) )*"
)
_BALANCE = re.compile(r"([CD])([0-9]{6})([A-Z]{3})([0-9]{1,15},[0-9]{0,2})")
_ENTRY = re.compile(
    r"(?P<value>[0-9]{6})(?P<entry>[0-9]{4})?(?P<mark>R?[CD])[A-Z]?(?P<amount>[0-9]{1,15},[0-9]{0,2})"
    r"(?P<type>[NFS][A-Z0-9]{3})(?P<rest>.*)"
)
#: Code words that say where the reference is, or that there is none.
_NO_REFERENCE = {"", "NONREF", "NOTPROVIDED", "EREF", "KREF", "MREF", "PREF"}


@dataclass(frozen=True, slots=True)
class _Field:
    """One field: the number of its first line, its tag and its lines."""

    number: int
    tag: str
    lines: list[str] = field(default_factory=list)


def is_mt940(text: str) -> bool:
    """Whether a text looks as if it were one."""
    return _BEGINS.search(text) is not None


def parse_mt940(data: bytes) -> tuple[ParsedStatement, ...]:
    """The statements in ``data``, one for each account. Raises only `StatementRejected`, with
    every entry that cannot be read, or the first thing that does not fit.
    """
    text = decode(data.strip(_FRAMING), is_csv=False)
    if not text.strip():
        raise empty()
    if len(_LINE_END.findall(text)) > MAX_LINE_ENDS or text.count(":61:") > MAX_ROWS:
        raise too_many_rows()
    if not is_mt940(text):
        problem = N_("This is no MT940 file: no statement begins in it (:20:).")
        raise rejected("not_mt940", problem, N_("Choose the style that fits the file."))
    problems = Problems()
    sections = [_section(fields, problems) for fields in _messages(text)]
    problems.reject_if_any()
    return statements_of(sections)


def _messages(text: str) -> Iterator[list[_Field]]:
    """The fields of each statement."""
    fields: list[_Field] = []
    for number, line in enumerate(_LINE_END.split(text), 1):
        tag = _TAG.match(line)
        if tag and tag.group(1) == "20" and fields:
            yield fields
            fields = []
        if tag and (fields or tag.group(1) == "20"):
            fields.append(_Field(number, tag.group(1), [line[tag.end() :]]))
        elif not fields:
            _require_envelope(number, line)
        elif _ENDS.fullmatch(line.rstrip()) or _is_next_envelope(fields, line):
            yield fields
            fields = []
        elif line.strip():
            fields[-1].lines.append(line)
    if fields:
        yield fields


def _is_next_envelope(fields: Sequence[_Field], line: str) -> bool:
    """Whether a line begins the transmission of the next statement, without a mark of the end."""
    return fields[-1].tag in ("62F", "62M", "64", "65") and bool(_ENVELOPE.fullmatch(line.strip()))


def _require_envelope(number: int, line: str) -> None:
    if _ENVELOPE.fullmatch(line.strip()) is None:
        problem = N_("This line belongs to no statement: “%(text)s”.")
        raise rejected("stray_line", problem, WHOLE_FILE, row=number, text=line.strip()[:40])


def _section(fields: Sequence[_Field], problems: Problems) -> Section:
    """One statement, or a page of it; entries that cannot be read are recorded."""
    if _ORDER.fullmatch("".join(f"{each.tag} " for each in fields)) is None:
        raise _wrong_order(fields)
    by_tag = {each.tag[:2]: each for each in reversed(fields) if each.tag != "86"}
    opening, closing = _balance(by_tag["60"]), _balance(by_tag["62"])
    entries: list[Entry] = []
    for booked, lines in _booked(fields):
        try:
            entries.extend(_entry(booked, read_text(lines)))
        except StatementRejected as refused:
            _record(problems, refused)
    account = account_digits("".join(by_tag["25"].lines), by_tag["25"].number)
    return Section(
        fields[0].number,
        account,
        opening,
        closing,
        entries,
        statement=_statement_number(by_tag),
        continues=by_tag["60"].tag == "60M",
        goes_on=by_tag["62"].tag == "62M",
    )


def _statement_number(by_tag: Mapping[str, _Field]) -> str:
    """The number of the statement, without that of its page: "12" of ":28C:12/3"; where banks leave
    the field out, their reference.
    """
    found = by_tag.get("28") or by_tag["20"]
    number = "".join(found.lines).strip()
    return number.partition("/")[0] if found.tag.startswith("28") else number


def _booked(fields: Iterable[_Field]) -> list[tuple[_Field, list[str]]]:
    """Each :61: with the lines of the :86: behind it."""
    found: list[tuple[_Field, list[str]]] = []
    for each in fields:
        if each.tag == "61":
            found.append((each, []))
        elif each.tag == "86" and found:
            found[-1][1].extend(each.lines)
        elif each.tag.startswith("62"):
            break
    return found


def _wrong_order(fields: Sequence[_Field]) -> StatementRejected:
    """The refusal of a statement with fields that are missing, doubled or out of place."""
    tags = [each.tag for each in fields]
    number = fields[0].number
    if not {"62F", "62M"} & set(tags):
        problem = N_("The file is cut short: a statement has no closing balance (:62F:).")
        return rejected("truncated", problem, WHOLE_FILE, row=number)
    if {"34F", "13D", "90C", "90D"} & set(tags):
        problem = N_("This is a report during the day (MT942), not a statement.")
        remedy = N_("Download the statement of the day (MT940) once the day is over.")
        return rejected("mt942", problem, remedy, row=number)
    problem = N_("The fields of this statement are incomplete or out of order: %(fields)s.")
    shown = " ".join(tags[:12]) + (" …" if len(tags) > 12 else "")
    return rejected("fields", problem, ASK_BANK, row=number, fields=shown)


def _record(problems: Problems, refused: StatementRejected) -> None:
    for each in refused.errors:
        problems.add(
            each.code, each.problem, each.remedy, row=each.row, column=":61:", **each.params
        )


def _balance(found: _Field) -> Balance:
    match = _BALANCE.fullmatch("".join(found.lines).strip())
    if match is None:
        problem = N_("This balance cannot be read: “%(text)s”.")
        shown = found.lines[0].strip()[:40]
        raise rejected("bad_balance", problem, ASK_BANK, row=found.number, text=shown)
    mark, day, currency, amount = match.groups()
    require_baht(currency, found.number)
    satang = _satang(amount, found.number)
    return Balance(satang if mark == "C" else -satang, _day(day, found.number))


def _entry(found: _Field, text: TaggedText) -> Iterator[Entry]:
    """The entry of a :61:, none when it moves nothing."""
    match = _ENTRY.fullmatch(found.lines[0].rstrip())
    if match is None:
        problem = N_("This entry cannot be read: “%(text)s”.")
        shown = found.lines[0].strip()[:40]
        raise rejected("bad_entry", problem, ASK_BANK, row=found.number, text=shown)
    value_on = _day(match["value"], found.number)
    booked_on = _booked_on(value_on, match["entry"], found.number)
    sign = 1 if match["mark"] in ("C", "RD") else -1
    satang = sign * _satang(match["amount"], found.number)
    if satang:
        parts = _parts(found, match, satang, text, value_on if value_on != booked_on else None)
        yield Entry(found.number, booked_on, None, require_sum(parts, satang, found.number))


def _parts(
    found: _Field, match: re.Match[str], satang: int, text: TaggedText, value_on: date | None
) -> list[EntryPart]:
    """The amount before charges, and the charges, when the entry says that it holds them."""
    reference, _, bank_reference = match["rest"].partition("//")
    more = " ".join(line.strip() for line in found.lines[1:])
    description = " ".join(filter(None, (text.posting or type_name(match["type"]), _plain(more))))
    if match["mark"].startswith("R"):
        description = reversal_of(description)
    own = "" if reference.strip() in _NO_REFERENCE else reference.strip()
    value = f"VALUE {value_on.isoformat()}" if value_on else ""
    part = EntryPart(
        satang,
        description,
        " ".join(filter(None, (text.detail_of(satang > 0), own))),
        " ".join(filter(None, (match["type"], bank_reference.strip(), value))),
    )
    taken = taken_amounts(more, satang, found.number)
    if not taken:
        return [part]
    gross = EntryPart(satang + taken, part.description, part.detail, part.channel)
    return [gross, EntryPart(-taken, FEE, "", part.channel)]


def _plain(more: str) -> str:
    """The bank's further details, without the amounts that are read from them."""
    return re.sub(r"/(OCMT|CHGS)/[^/]*/?", " ", more).strip()


def _satang(text: str, row: int) -> int:
    whole, _, fraction = text.partition(",")
    return require_possible(int(whole) * 100 + int(fraction.ljust(2, "0")), row)


def _day(text: str, row: int) -> date:
    try:
        return date(2000 + int(text[:2]), int(text[2:4]), int(text[4:]))
    except ValueError:
        raise _no_day(text, row) from None


def _booked_on(value_on: date, text: str | None, row: int) -> date:
    """The day of an entry, which has no year: the one nearest to that of its value."""
    if text is None:
        return value_on
    days = []
    for year in (value_on.year - 1, value_on.year, value_on.year + 1):
        try:
            days.append(date(year, int(text[:2]), int(text[2:])))
        except ValueError:
            continue
    if not days:
        raise _no_day(text, row)
    return min(days, key=lambda day: abs(day - value_on))


def _no_day(text: str, row: int) -> StatementRejected:
    problem = N_("There is no such day in the calendar: “%(text)s”.")
    return rejected("bad_date", problem, ASK_BANK, row=row, text=text)

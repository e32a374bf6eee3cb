"""Read the statements of a camt.053 file (ISO 20022, versions 2 to 13).

Booked entries count; what is pending or only told does not. ``CdtDbtInd`` says whether money came
or went, also of a reversal. An entry with several transactions is a batch: each is a line, and
together they are the entry.
"""

import re
from collections.abc import Iterator, Sequence
from datetime import date, datetime, time, timedelta

from fundapp.banking.statement_files.camt_texts import FEE, TAX, words_of
from fundapp.banking.statement_files.decoding import WHOLE_FILE, empty
from fundapp.banking.statement_files.entries import (
    ASK_BANK,
    BAHT,
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
from fundapp.banking.statement_files.xml_tree import Element, read_xml
from fundapp.clock import BANGKOK
from fundapp.markers import N_

#: What people call it.
TITLE = "camt.053 (ISO 20022)"

_NAMESPACE = re.compile(r"urn:iso:std:iso:20022:tech:xsd:camt\.053\.001\.(0[2-9]|1[0-3])")
_AMOUNT = re.compile(r"([0-9]{1,15})(?:\.([0-9]{0,5}))?")
_SIGNS = {"CRDT": 1, "DBIT": -1}
_OPENING, _CLOSING, _BETWEEN = ("OPBD", "PRCD"), "CLBD", "ITBD"
_YES = ("true", "1")
_BOOKED, _NOT_BOOKED = "BOOK", ("PDNG", "INFO", "FUTR")


def is_camt053(text: str) -> bool:
    """Whether a text looks as if it were one."""
    return "<BkToCstmrStmt" in text


def parse_camt053(data: bytes) -> tuple[ParsedStatement, ...]:
    """The statements in ``data``, one for each account. Raises only `StatementRejected`, with
    every entry that cannot be read, or the first thing that does not fit.
    """
    if not data.strip():
        raise empty()
    message = _message(read_xml(data))
    problems = Problems()
    counted = _Counter()
    sections = [_section(each, counted, problems) for each in message.all("Stmt")]
    problems.reject_if_any()
    if not sections:
        problem = N_("There is no statement in the file.")
        raise rejected("no_statement", problem, WHOLE_FILE)
    return statements_of(sections)


class _Counter:
    """Numbers the movements of the file: each part has a row of its own."""

    def __init__(self) -> None:
        self.next = 1

    def take(self, parts: int) -> int:
        number, self.next = self.next, self.next + max(parts, 1)
        return number


def _message(root: Element) -> Element:
    """The statement message in the document."""
    message = root.first("BkToCstmrStmt")
    if root.name == "Document" and message and _NAMESPACE.fullmatch(root.namespace):
        return message
    if root.first("BkToCstmrDbtCdtNtfctn") or root.first("BkToCstmrAcctRpt"):
        problem = N_("This is a notice or a report during the day (camt.052, camt.054).")
        remedy = N_("Download the statement of the day (camt.053) once the day is over.")
        raise rejected("other_message", problem, remedy)
    problem = N_("This is no camt.053 file.")
    raise rejected("not_camt053", problem, N_("Choose the style that fits the file."))


def _section(statement: Element, counted: _Counter, problems: Problems) -> Section:
    row = counted.next
    if currency := statement.value("Acct/Ccy"):
        require_baht(currency, row)
    opening, closing = _balances(statement, row)
    number = statement.value("Acct/Id/Othr/Id", "Acct/Id/BBAN", "Acct/Id/IBAN")
    account = account_digits(number, row)
    entries: list[Entry] = []
    for each in statement.all("Ntry"):
        try:
            entries.extend(_entry(each, counted))
        except StatementRejected as refused:
            _record(problems, refused)
    codes = {each.value("Tp/CdOrPrtry/Cd") for each in statement.all("Bal")}
    return Section(
        row,
        account,
        opening,
        closing,
        entries,
        _period(statement, row),
        continues=codes.isdisjoint(_OPENING),
        goes_on=_CLOSING not in codes,
    )


def _record(problems: Problems, refused: StatementRejected) -> None:
    for each in refused.errors:
        problems.add(
            each.code, each.problem, each.remedy, row=each.row, column="Ntry", **each.params
        )


def _balances(statement: Element, row: int) -> tuple[Balance, Balance]:
    """The opening and the closing balance; pages in between begin and end with interim ones."""
    found: dict[str, list[Element]] = {}
    for each in statement.all("Bal"):
        found.setdefault(each.value("Tp/CdOrPrtry/Cd"), []).append(each)
    between = found.get(_BETWEEN, [])
    opening = [each for code in _OPENING for each in found.get(code, [])] + between[:1]
    closing = [*found.get(_CLOSING, []), *between[-1:]]
    if not opening or not closing:
        problem = N_("The statement lacks its opening or its closing balance (OPBD, CLBD).")
        raise rejected("no_balance", problem, ASK_BANK, row=row)
    return _balance(opening[0], row), _balance(closing[0], row)


def _balance(found: Element, row: int) -> Balance:
    day, _time = _when(found.first("Dt"), row)
    return Balance(_satang(found, row), day)


def _period(statement: Element, row: int) -> tuple[date, date] | None:
    """The first and the last day, where the statement declares them."""
    declared = statement.first("FrToDt")
    if declared is None:
        return None
    first, _time = _read_when(declared.value("FrDtTm", "FrDt"), row)
    last, until = _read_when(declared.value("ToDtTm", "ToDt"), row)
    if until == time.min and last > first:
        last -= timedelta(days=1)  # up to midnight
    if first > last:
        problem = N_("The period above the headings ends before it begins.")
        raise rejected("bad_period", problem, ASK_BANK, row=row)
    return first, last


def _entry(entry: Element, counted: _Counter) -> Iterator[Entry]:
    """The booked entry, none when it is not booked or moves nothing."""
    details = [each for detail in entry.all("NtryDtls") for each in detail.all("TxDtls")]
    # Each transaction may be an amount, charges and tax.
    row = counted.take(3 * max(len(details), 1))
    status = entry.value("Sts/Cd", "Sts")
    if status in _NOT_BOOKED:
        return
    if status != _BOOKED:
        problem = N_("Whether this entry is booked cannot be told: “%(text)s”.")
        raise rejected("bad_status", problem, ASK_BANK, row=row, text=status[:40])
    satang = _satang(entry, row)
    booked = entry.first("BookgDt") or entry.first("ValDt")
    booked_on, booked_time = _when(booked, row)
    if not satang:
        return
    _require_batch(entry, row)
    parts = _parts(entry, details, satang, booked_on, row)
    yield Entry(row, booked_on, booked_time, require_sum(parts, satang, row))


def _require_batch(entry: Element, row: int) -> None:
    """Refuse a batch of which the file has only some parts."""
    for batch in entry.all("NtryDtls"):
        said, found = batch.value("Btch/NbOfTxs"), len(list(batch.all("TxDtls")))
        if said and found and said.lstrip("0") != str(found):
            problem = N_("The batch has %(said)s parts, but the file has %(found)s of them.")
            raise rejected("batch", problem, ASK_BANK, row=row, said=said[:20], found=found)


def _parts(
    entry: Element, details: Sequence[Element], satang: int, booked_on: date, row: int
) -> list[EntryPart]:
    """The movements that the entry consists of."""
    value = entry.first("ValDt")
    value_on = _when(value, row)[0] if value else booked_on
    shown_value = value_on if value_on != booked_on else None
    if len(details) < 2:
        detail = details[0] if details else None
        whole = EntryPart(satang, *words_of(entry, detail, satang > 0, shown_value))
        return _single(entry, detail, whole, row)
    amounts = [_part_amount(each, satang, row) for each in details]
    if None in amounts:
        if any(amounts):
            problem = N_("Some parts of this entry have no amount.")
            raise rejected("parts", problem, ASK_BANK, row=row)
        return [EntryPart(satang, *words_of(entry, None, satang > 0, shown_value))]
    parts = [
        EntryPart(amount or 0, *words_of(entry, detail, (amount or 0) > 0, shown_value))
        for amount, detail in zip(amounts, details, strict=True)
    ]
    return _batch(entry, details, parts, satang, row)


def _single(entry: Element, detail: Element | None, whole: EntryPart, row: int) -> list[EntryPart]:
    """The entry of one transaction, with what the bank took of it."""
    costs = _costs(entry, row) or (_costs(detail, row) if detail else [])
    before = _amount_before(detail, whole.satang, row) if detail else None
    parts = _with_costs(whole, costs, before, row)
    if before not in (None, whole.satang, parts[0].satang):
        raise _no_sum(row)
    return parts


def _batch(
    entry: Element, details: Sequence[Element], parts: list[EntryPart], satang: int, row: int
) -> list[EntryPart]:
    """The parts with what the bank took, where it took it of the entry or of each part."""
    missing = sum(part.satang for part in parts) - satang
    inside = [_costs(each, row) for each in details]
    of_entry = _costs(entry, row)
    taken = [*of_entry, *(cost for costs in inside for cost in costs)]
    if missing and sum(cost.taken for cost in of_entry) == missing:
        taken = of_entry
    if missing and sum(cost.taken for cost in taken) == missing:
        fees = [EntryPart(-cost.taken, cost.description) for cost in taken]
        return [each for each in (*parts, *fees) if each.satang]
    split = [
        part
        for whole, costs, detail in zip(parts, inside, details, strict=True)
        for part in _with_costs(whole, costs, _amount_before(detail, whole.satang, row), row)
    ]
    return [each for each in split if each.satang]


class _Cost:
    """What the bank took: satang, in words, and whether the file says that the amount holds it."""

    def __init__(self, taken: int, description: str, is_inside: bool | None) -> None:
        self.taken, self.description, self.is_inside = taken, description, is_inside


def _costs(found: Element, row: int) -> list[_Cost]:
    """The charges and the tax that are told of an entry or a transaction."""
    costs = []
    for charges in found.all("Chrgs"):
        for each in list(charges.all("Rcrd")) or [charges]:
            amount = each.first("Amt")
            said = each.value("ChrgInclInd")
            sign = -_SIGNS.get(each.value("CdtDbtInd"), -1)
            if amount is not None and (satang := sign * _read_satang(amount, row)):
                costs.append(_Cost(satang, FEE, said in _YES if said else None))
    tax = found.first("Tax/TtlTaxAmt")
    if tax is not None and (satang := _read_satang(tax, row)):
        costs.append(_Cost(satang, TAX, None))
    return costs


def _with_costs(
    net: EntryPart, costs: Sequence[_Cost], before: int | None, row: int
) -> list[EntryPart]:
    """The amount before what the bank took of it, and each cost; the part itself when it holds
    none.

    What the file says is inside must fit the amount before it, where the file has that; where it
    does not say, that amount decides.
    """
    inside = [cost for cost in costs if cost.is_inside]
    unsaid = [cost for cost in costs if cost.is_inside is None]
    for taken in ([*inside, *unsaid], inside):
        gross = net.satang + sum(cost.taken for cost in taken)
        if taken and gross == before:
            break
    else:
        taken, gross = inside, net.satang + sum(cost.taken for cost in inside)
        if inside and before not in (None, gross):
            raise _no_sum(row)
    first = EntryPart(gross, net.description, net.detail, net.channel)
    fees = [EntryPart(-cost.taken, cost.description, "", net.channel) for cost in taken]
    return [each for each in (first, *fees) if each.satang]


def _no_sum(row: int) -> StatementRejected:
    problem = N_("The amount before charges and the charges do not give the amount.")
    return rejected("parts", problem, ASK_BANK, row=row)


def _part_amount(detail: Element, satang: int, row: int) -> int | None:
    """The signed amount of a part, with the direction of its entry unless it has its own."""
    amount = detail.first("Amt") or detail.first("AmtDtls/TxAmt/Amt")
    if amount is None:
        return None
    sign = _SIGNS.get(detail.value("CdtDbtInd"), 1 if satang > 0 else -1)
    return sign * _read_satang(amount, row)


def _amount_before(detail: Element, satang: int, row: int) -> int | None:
    """The signed amount of the transaction, before what the bank took of it; None when it is not
    told, or in another currency. ``Amt`` alone may also be what is left.
    """
    sign = 1 if satang > 0 else -1
    for path, may_be_left in (("AmtDtls/TxAmt/Amt", False), ("Amt", True)):
        amount = detail.first(path)
        if amount is not None and amount.currency == BAHT:
            before = sign * _read_satang(amount, row)
            return None if may_be_left and before == satang else before
    return None


def _satang(found: Element, row: int) -> int:
    """The signed amount of an element with ``Amt`` and ``CdtDbtInd``."""
    sign = _SIGNS.get(found.value("CdtDbtInd"))
    amount = found.first("Amt")
    if sign is None or amount is None:
        problem = N_("An amount, or whether it came or went, is missing.")
        raise rejected("no_amount", problem, ASK_BANK, row=row)
    return sign * _read_satang(amount, row)


def _read_satang(amount: Element, row: int) -> int:
    require_baht(amount.currency, row)
    match = _AMOUNT.fullmatch(amount.text)
    fraction = (match.group(2) or "").rstrip("0") if match else ""
    if match is None or len(fraction) > 2:
        problem = N_("This is not an amount in baht and satang: “%(text)s”.")
        raise rejected("bad_amount", problem, ASK_BANK, row=row, text=amount.text[:40])
    return require_possible(int(match.group(1)) * 100 + int(fraction.ljust(2, "0")), row)


def _when(found: Element | None, row: int) -> tuple[date, time | None]:
    """The day of an element that holds a day or a moment, and the time of a moment."""
    return _read_when(found.value("DtTm", "Dt") if found else "", row)


def _read_when(text: str, row: int) -> tuple[date, time | None]:
    """A moment with its zone is told as in Thailand."""
    try:
        if "T" not in text:
            return date.fromisoformat(text[:10]), None
        moment = datetime.fromisoformat(text)
        local = moment if moment.tzinfo is None else moment.astimezone(BANGKOK)
    except (ValueError, OverflowError):
        problem = N_("There is no such day in the calendar: “%(text)s”.")
        raise rejected("bad_date", problem, ASK_BANK, row=row, text=text[:40]) from None
    return local.date(), local.time().replace(microsecond=0)

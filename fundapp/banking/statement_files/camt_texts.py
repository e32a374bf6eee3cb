"""The words of a camt.053 entry on a line: the bank's, and those of whoever paid (pure)."""

from datetime import date

from fundapp.banking.statement_files.swift_texts import FEE, reversal_of
from fundapp.banking.statement_files.xml_tree import Element

__all__ = ["FEE", "TAX", "words_of"]

#: The description of the tax that a bank keeps of an entry.
TAX = "Withholding tax"

#: The description of an entry of which the file says no more.
_ANY = "Transfer"
_YES = ("true", "1")
_TYPES = {
    "CHRG": FEE,
    "FEES": "Fees",
    "COMM": "Commission fee",
    "INTR": "Interest",
    "TAXE": TAX,
    "WHTX": TAX,
    "UPCQ": "Returned cheque",
    "CQRV": "Returned cheque",
    "CCHQ": "Cheque",
    "RCHQ": "Cheque",
    "ICHQ": "Cheque",
    "RCDT": "Transfer received",
    "ICDT": "Transfer",
    "RDDT": "Direct debit",
    "IDDT": "Direct debit",
}
_CODES = (
    "BkTxCd/Domn/Fmly/SubFmlyCd",
    "BkTxCd/Domn/Fmly/Cd",
    "BkTxCd/Prtry/Cd",
)
_NO_REFERENCE = {"", "NOTPROVIDED", "NONREF"}
#: What names a payment for those who made it, the reference of the payer first.
_DETAILS = (
    "Refs/EndToEndId",
    "RmtInf/Ustrd",
    "RmtInf/Strd/CdtrRefInf/Ref",
    "RmtInf/Strd/CdtrRefInf/CdtrRef",
    "RmtInf/Strd/RfrdDocInf/Nb",
    "RmtInf/Strd/RfrdDocInf/RfrdDocNb",
    "RmtInf/Strd/AddtlRmtInf",
    "Refs/ChqNb",
    "Refs/InstrId",
    "Refs/Prtry/Ref",
)


def words_of(
    entry: Element, detail: Element | None, is_in: bool, value_on: date | None
) -> tuple[str, str, str]:
    """Description, detail and channel of an entry, or of one transaction of it."""
    texts = [entry.value("AddtlNtryInf"), detail.value("AddtlTxInf") if detail else ""]
    known = dict.fromkeys(filter(None, (_type(entry, detail), *texts)))
    description = " ".join(known) or _ANY
    if entry.value("RvslInd") in _YES:
        description = reversal_of(description)
    return description, _detail(detail, is_in) if detail else "", _channel(entry, detail, value_on)


def _type(entry: Element, detail: Element | None) -> str:
    """The type of a transaction in words; empty where it has no known one."""
    elements = (detail, entry) if detail else (entry,)
    codes = (each.value(path) for each in elements for path in _CODES)
    return next((_TYPES[code] for code in codes if code in _TYPES), "")


def _detail(detail: Element, is_in: bool) -> str:
    found = [each.text for path in _DETAILS for each in detail.all(path)]
    party, direction = ("Dbtr", "from") if is_in else ("Cdtr", "to")
    name = detail.value(f"RltdPties/{party}/Nm", f"RltdPties/{party}/Pty/Nm")
    if name:
        found.append(f"{direction} {name}")
    return " ".join(dict.fromkeys(text for text in found if text.upper() not in _NO_REFERENCE))


def _channel(entry: Element, detail: Element | None, value_on: date | None) -> str:
    """The bank's own reference, and the day of the value where that is another one."""
    reference = (detail.value("Refs/AcctSvcrRef") if detail else "") or entry.value("AcctSvcrRef")
    value = f"VALUE {value_on.isoformat()}" if value_on else ""
    return " ".join(filter(None, (reference, value)))

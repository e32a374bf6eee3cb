"""Statements written out as MT940 and camt.053."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from xml.sax.saxutils import escape

from tests.factories.banking import LAST, MONDAY, NUMBER, TUESDAY

DIGITS = NUMBER.replace("-", "")
CAMT = "urn:iso:std:iso:20022:tech:xsd:camt.053.001.08"


@dataclass(frozen=True)
class Booked:
    """An entry of a message; ``satang`` below zero is money out."""

    satang: int
    detail: str = ""
    day: date = TUESDAY
    value: date | None = None
    kind: str = "TRF"


def decimals(satang: int, sign: str) -> str:
    """An amount without its direction."""
    return f"{abs(satang) // 100}{sign}{abs(satang) % 100:02d}"


def mt940(
    entries: Sequence[Booked] = (),
    *,
    opening: int = 1_000_000,
    from_on: date = MONDAY,
    to_on: date = LAST,
    number: str = DIGITS,
    extra: Sequence[str] = (),
    moved: int = 0,
    pages: str = "FF",
) -> str:
    """An MT940 statement that adds up; ``extra`` are lines of entries that move ``moved``."""
    closing = opening + moved + sum(entry.satang for entry in entries)
    lines = [":20:STMT", f":25:{number}", ":28C:1/1", _balance("60" + pages[0], opening, from_on)]
    for entry in entries:
        mark = "C" if entry.satang > 0 else "D"
        value = entry.value or entry.day
        amount = decimals(entry.satang, ",")
        lines.append(f":61:{value:%y%m%d}{entry.day:%m%d}{mark}{amount}N{entry.kind}NONREF//B1")
        if entry.detail:
            lines.append(f":86:{entry.detail}")
    return "\r\n".join([*lines, *extra, _balance("62" + pages[1], closing, to_on), "-", ""])


def _balance(tag: str, satang: int, day: date) -> str:
    return f":{tag}:{'C' if satang >= 0 else 'D'}{day:%y%m%d}THB{decimals(satang, ',')}"


def camt(*statements: str, namespace: str = CAMT) -> str:
    """A camt.053 document."""
    body = "".join(statements)
    return (
        f'<?xml version="1.0" encoding="UTF-8"?>\n<Document xmlns="{namespace}"><BkToCstmrStmt>'
        f"<GrpHdr><MsgId>M</MsgId></GrpHdr>{body}</BkToCstmrStmt></Document>"
    )


def stmt(
    entries: Sequence[Booked] = (),
    *,
    opening: int = 1_000_000,
    from_on: date = MONDAY,
    to_on: date = LAST,
    number: str = DIGITS,
    extra: str = "",
    moved: int = 0,
) -> str:
    """One statement that adds up; ``extra`` are entries that move ``moved``."""
    closing = opening + moved + sum(entry.satang for entry in entries)
    return (
        f"<Stmt><Id>S</Id><Acct><Id><Othr><Id>{number}</Id></Othr></Id><Ccy>THB</Ccy></Acct>"
        + _bal("OPBD", opening, from_on)
        + _bal("CLBD", closing, to_on)
        + "".join(map(entry_xml, entries))
        + f"{extra}</Stmt>"
    )


def _bal(code: str, satang: int, day: date) -> str:
    return (
        f"<Bal><Tp><CdOrPrtry><Cd>{code}</Cd></CdOrPrtry></Tp>{money(satang)}"
        f"<Dt><Dt>{day}</Dt></Dt></Bal>"
    )


def money(satang: int) -> str:
    """``Amt`` and ``CdtDbtInd``."""
    sign = "CRDT" if satang >= 0 else "DBIT"
    return f'<Amt Ccy="THB">{decimals(satang, ".")}</Amt><CdtDbtInd>{sign}</CdtDbtInd>'


def entry_xml(entry: Booked) -> str:
    """An entry of one transaction."""
    detail = f"<RmtInf><Ustrd>{escape(entry.detail)}</Ustrd></RmtInf>" if entry.detail else ""
    return ntry(entry.satang, f"<NtryDtls><TxDtls>{detail}</TxDtls></NtryDtls>", entry=entry)


def ntry(satang: int, inner: str = "", *, entry: Booked | None = None) -> str:
    """An entry with what is in it."""
    booked = entry or Booked(satang)
    return (
        f"<Ntry>{money(satang)}<Sts><Cd>BOOK</Cd></Sts>"
        f"<BookgDt><Dt>{booked.day}</Dt></BookgDt>"
        f"<ValDt><Dt>{booked.value or booked.day}</Dt></ValDt>{inner}</Ntry>"
    )

"""The registers of a pack: each is one statement that both databases understand. None reads an
encrypted column, or the name of a donor, a payee, a child or a guardian.
"""

from collections.abc import Iterator, Sequence
from datetime import date, datetime
from typing import Any

from sqlalchemy import bindparam, text

from fundapp import clock
from fundapp.csv_safety import Cell, baht_cell
from fundapp.db import Day, UtcDateTime, db

#: Path, columns, and the statement; a column that ends in ``_baht`` holds satang.
REGISTERS: tuple[tuple[str, Sequence[str], str], ...] = (
    (
        "registers/receipts.csv",
        ("fiscal_year", "number", "code", "issued_on", "received_on", "fund", "method",
         "amount_baht", "voided_at", "void_reason", "entry_source"),
        "SELECT r.fiscal_year, r.number, r.code, r.issued_on, r.received_on, r.fund_code, r.method,"
        " r.amount_satang, r.voided_at, r.void_reason, p.public_id"
        " FROM receipts r JOIN payments p ON p.id = r.payment_id"
        " WHERE r.issued_on BETWEEN :from_on AND :to_on ORDER BY r.fiscal_year, r.number",
    ),
    (
        "registers/pledges.csv",
        ("made_at", "fund", "method", "frequency", "instalments", "in_all_baht", "status"),
        "SELECT created_at, fund_code, method, frequency, instalment_count, amount_satang, status"
        " FROM pledges WHERE created_at >= :begin AND created_at < :end ORDER BY created_at, id",
    ),
    (
        "registers/requests.csv",
        ("number", "requested_at", "requested_by", "district", "fund", "need", "children",
         "in_all_baht", "status"),
        "SELECT q.number, q.requested_at, u.public_id, q.district_code, q.fund_code, q.need,"
        " (SELECT count(*) FROM request_lines l WHERE l.request_id = q.id), q.total_satang,"
        " q.status FROM disbursement_requests q JOIN users u ON u.id = q.requested_by_id"
        " WHERE q.requested_at >= :begin AND q.requested_at < :end ORDER BY q.requested_at, q.id",
    ),
    (
        "registers/request-lines.csv",
        ("number", "child", "amount_baht", "share_came_back_on"),
        "SELECT q.number, c.code, l.amount_satang, s.returned_on FROM request_lines l"
        " JOIN disbursement_requests q ON q.id = l.request_id"
        " JOIN children c ON c.id = l.child_id"
        " LEFT JOIN share_return_lines b ON b.line_id = l.id"
        " LEFT JOIN share_returns s ON s.id = b.return_id"
        " WHERE q.requested_at >= :begin AND q.requested_at < :end"
        " ORDER BY q.requested_at, q.id, c.code",
    ),
    (
        "registers/bank-details.csv",
        ("number", "check", "checked_at", "checked_by", "answer", "way", "facts_sha256"),
        "SELECT q.number, c.number, c.checked_at, u.public_id, c.answer, c.checked_by,"
        " c.facts_sha256 FROM account_checks c"
        " JOIN disbursement_requests q ON q.id = c.request_id"
        " JOIN users u ON u.id = c.checked_by_id"
        " WHERE c.checked_at >= :begin AND c.checked_at < :end ORDER BY c.checked_at, c.id",
    ),
    (
        "registers/approvals.csv",
        ("number", "decided_at", "decided_by", "decision", "reason", "facts_sha256"),
        "SELECT q.number, a.decided_at, u.public_id, a.decision, a.reason_code, a.facts_sha256"
        " FROM approvals a JOIN disbursement_requests q ON q.id = a.request_id"
        " JOIN users u ON u.id = a.approver_id"
        " WHERE a.decided_at >= :begin AND a.decided_at < :end ORDER BY a.decided_at, a.id",
    ),
    (
        "registers/payouts.csv",
        ("number", "voucher", "paid_on", "paid_by", "method", "from_account", "amount_baht"),
        "SELECT q.number, p.voucher, p.paid_on, u.public_id, p.method, p.paid_from_account_code,"
        " p.amount_satang FROM payouts p JOIN disbursement_requests q ON q.id = p.request_id"
        " JOIN users u ON u.id = p.payer_id"
        " WHERE p.paid_on BETWEEN :from_on AND :to_on ORDER BY p.paid_on, p.id",
    ),
    (
        "registers/proofs-of-receipt.csv",
        ("number", "outcome", "confirmed_on", "filed_by", "filed_at", "has_paper"),
        "SELECT q.number, f.outcome, f.confirmed_on, u.public_id, f.filed_at,"
        " CASE WHEN f.document_id IS NULL THEN 'no' ELSE 'yes' END"
        " FROM proofs f JOIN disbursement_requests q ON q.id = f.request_id"
        " JOIN users u ON u.id = f.filed_by_id"
        " WHERE f.filed_at >= :begin AND f.filed_at < :end ORDER BY f.filed_at, f.id",
    ),
    (
        "registers/decisions-of-two.csv",
        ("kind", "about", "status", "proposed_at", "proposed_by", "decided_at", "decided_by"),
        "SELECT o.kind, o.subject, o.status, o.proposed_at, a.public_id, o.decided_at, b.public_id"
        " FROM proposals o LEFT JOIN users a ON a.id = o.proposed_by_id"
        " LEFT JOIN users b ON b.id = o.decided_by_id"
        " WHERE o.proposed_at >= :begin AND o.proposed_at < :end ORDER BY o.proposed_at, o.id",
    ),
    (
        "registers/readers-of-files.csv",
        ("at", "reader", "child", "purpose"),
        "SELECT r.at, r.reader, coalesce(c.code, r.child_ref), r.purpose FROM child_reads r"
        " LEFT JOIN children c ON c.public_id = r.child_ref"
        " WHERE r.at >= :begin AND r.at < :end ORDER BY r.at, r.id",
    ),
    (
        "registers/people.csv",
        ("id", "name", "status"),
        "SELECT DISTINCT u.public_id, u.name, u.status FROM users u"
        " JOIN user_roles r ON r.user_id = u.id WHERE r.role <> 'donor' ORDER BY u.public_id",
    ),
    (
        "periods/months.csv",
        ("month", "last_day", "fiscal_year", "status", "closed_at", "closed_by"),
        "SELECT starts_on, ends_on, fiscal_year, status, closed_at, closed_by FROM periods"
        " WHERE starts_on <= :to_on AND ends_on >= :from_on ORDER BY starts_on",
    ),
    (
        "audit/samples.csv",
        ("frozen_at", "from_on", "to_on", "method", "population", "population_baht", "size",
         "seed", "status"),
        "SELECT frozen_at, from_on, to_on, method, population_count, population_satang, size, seed,"
        " status FROM audit_samples WHERE from_on <= :to_on AND to_on >= :from_on ORDER BY id",
    ),
    (
        "audit/findings.csv",
        ("made_at", "severity", "title", "due_on", "status", "released_at"),
        "SELECT made_at, severity, title, due_on, status, released_at FROM audit_findings"
        " WHERE made_at >= :begin AND made_at < :end ORDER BY id",
    ),
)  # fmt: skip


def rows_of(sql: str, from_on: date, to_on: date) -> Iterator[Sequence[Cell]]:
    """The rows of a register in these days, amounts in baht."""
    begin, end = clock.day_bounds(from_on, to_on)
    names = [name for _path, names, each in REGISTERS if each == sql for name in names]
    values: dict[str, tuple[Any, Any]] = {
        "from_on": (from_on, Day()),
        "to_on": (to_on, Day()),
        "begin": (begin, UtcDateTime()),
        "end": (end, UtcDateTime()),
    }
    used = [
        bindparam(name, value, type_=kind)
        for name, (value, kind) in values.items()
        if f":{name}" in sql
    ]
    statement = text(sql).bindparams(*used)
    for row in db.session.execute(statement):
        yield [_cell(name, value) for name, value in zip(names, row, strict=True)]


def _cell(name: str, value: Any) -> Cell:
    if value is None:
        return ""
    if name.endswith("_baht"):
        return baht_cell(int(value))
    if isinstance(value, datetime):
        return clock.iso(value)
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, bytes | memoryview):
        return bytes(value).hex()
    return value if isinstance(value, int) else str(value)

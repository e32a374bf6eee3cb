"""A book of any size, made in seconds: a small world through the operations, then rows of every
kind by bulk SQL beside it, with the triggers out of the way.

Amounts, days, states and methods are spread as in a fund that has been running for three years:
most entries are gifts, a few kinds, funds and methods are rare, a tenth of the lines of the bank
and of the requests is still to be worked on, and one month has many more entries than others.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

import psycopg
from sqlalchemy import Connection, insert, select

from fundapp.banking.encryption import BankWords, digests_of, encrypt_words, lookup_detail
from fundapp.banking.models import StatedLine, StatementLine
from fundapp.children.codes import new_code
from fundapp.children.encryption import decrypt_optional, encrypt
from fundapp.children.models import Child, ChildStatus, Consent, Guardian
from fundapp.db import db, is_postgresql, unit_of_work
from fundapp.db.columns import is_encrypted
from fundapp.disbursements.models import DisbursementRequest
from fundapp.giving.references import new_reference
from fundapp.ledger.drafts import entry_number
from fundapp.ledger.queries import list_funds
from fundapp.ledger.thread.steps import rebuild_thread
from tests.browser.world import World, make_world
from tests.factories.children import MUEANG, RAMAN, YAHA

#: The books of the bulk begin on this day and end before `DAYS` days are over.
FIRST, DAYS = "2023-10-02", 1_148
#: The month with many more entries than others, as days after `FIRST`: May 2026.
BUSY, BUSY_DAYS = 943, 30
DISTRICTS = (RAMAN, MUEANG, YAHA)
#: Lines of one statement.
LINES = 40


@dataclass(frozen=True, slots=True)
class Amounts:
    """How many rows of each kind the bulk has."""

    entries: int
    pledges: int
    children: int
    requests: int
    lines: int
    events: int

    def divided(self, by: int) -> "Amounts":
        """A smaller book with the same parts."""
        return Amounts(*(getattr(self, name) // by for name in self.__slots__))


@dataclass(frozen=True, slots=True)
class Book:
    """The people of a book and the things whose pages are opened."""

    world: World
    refs: dict[str, str]

    def address(self, pattern: str) -> str:
        """The address with the names of its things filled in."""
        return pattern.format(**self.refs)


class Words:
    """The same SQL in the words of each database; ``n`` counts the rows from 1."""

    def __init__(self, postgresql: bool) -> None:
        self.is_postgresql = postgresql
        self.bytes32 = "decode(repeat('ab', 32), 'hex')" if postgresql else "zeroblob(32)"
        self.false = "false" if postgresql else "0"

    def day(self, days: str) -> str:
        """The day so many days after `FIRST`."""
        if self.is_postgresql:
            return f"(DATE '{FIRST}' + ({days})::int)"
        return f"date('{FIRST}', '+' || ({days}) || ' days')"

    def month(self, day: str) -> str:
        """The first day of the month of a day."""
        if self.is_postgresql:
            return f"date_trunc('month', {day})::date"
        return f"date({day}, 'start of month')"

    def instant(self, days: str) -> str:
        """Ten o'clock on that day, in Thailand."""
        if self.is_postgresql:
            return f"(({self.day(days)})::timestamp + interval '3 hours') AT TIME ZONE 'UTC'"
        return f"{self.day(days)} || 'T03:00:00Z'"


def day_after(days: int) -> date:
    """The day so many days after `FIRST`."""
    return date.fromisoformat(FIRST) + timedelta(days=days)


def make_book(amounts: Amounts) -> Book:
    """Commit it; needs an application context, and the clock of the tests."""
    world = make_world()
    words = Words(is_postgresql())
    with db.engine.connect() as connection, _without_rules(connection):
        fill = _Filler(connection, words, amounts)
        for step in (
            fill.books, fill.giving, fill.children, fill.requests, fill.bank, fill.trail, fill.mail,
            fill.balances, fill.days, fill.help, fill.campaigns,
        ):  # fmt: skip
            step()
        refs = fill.refs()
    for fund in list_funds():
        unit_of_work(rebuild_thread, fund.code)
    tidy()
    return Book(world, refs)


@contextmanager
def _without_rules(connection: Connection) -> Iterator[None]:
    """One transaction in which no trigger and no foreign key is looked at."""
    if is_postgresql():
        connection.exec_driver_sql("COMMIT")
        connection.exec_driver_sql("BEGIN")
        connection.exec_driver_sql("SET LOCAL session_replication_role = replica")
        yield
        connection.exec_driver_sql("COMMIT")
        return
    connection.exec_driver_sql("COMMIT")
    connection.exec_driver_sql("PRAGMA foreign_keys = OFF")
    connection.exec_driver_sql("BEGIN IMMEDIATE")
    rules = connection.exec_driver_sql("SELECT name, sql FROM sqlite_master WHERE type = 'trigger'")
    triggers = rules.all()
    for name, _ in triggers:
        connection.exec_driver_sql(f"DROP TRIGGER {name}")
    yield
    for _, sql in triggers:
        connection.exec_driver_sql(sql)
    connection.exec_driver_sql("COMMIT")
    connection.exec_driver_sql("PRAGMA foreign_keys = ON")


def tidy() -> None:
    """As the server does by itself in time; SQLite is used without statistics."""
    if is_postgresql():
        url = db.engine.url.set(drivername="postgresql").render_as_string(False)
        with psycopg.connect(url, autocommit=True) as connection:
            connection.execute("VACUUM ANALYZE")


class _Filler:
    def __init__(self, connection: Connection, words: Words, amounts: Amounts) -> None:
        self.connection, self.words, self.amounts = connection, words, amounts
        self.people = {
            email.partition("@")[0]: (row_id, ref)
            for row_id, ref, email in self.run("SELECT id, public_id, email FROM users")
        }

    def run(self, sql: str) -> Any:
        # psycopg takes a percent sign for a place of a value.
        text = sql.replace("%", "%%") if self.words.is_postgresql else sql
        return self.connection.exec_driver_sql(text)

    def rows(self, table: str, count: int, source: str = "s", **columns: str) -> None:
        """Insert ``count`` rows, or one for each row of ``source``."""
        listed, values = ", ".join(columns), ", ".join(columns.values())
        numbers = (
            f"WITH RECURSIVE s (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM s WHERE n < {count})"
            if source == "s"
            else ""
        )
        self.run(f"INSERT INTO {table} ({listed}) {numbers} SELECT {values} FROM {source}")

    def spread(self, count: int) -> str:
        """Days after `FIRST` that grow with ``n``; in the order of ids, as they come in."""
        return f"(n * {DAYS - 1} / {count})"

    def books(self) -> None:
        """Most entries are gifts; transfers, interest, fees and reversals are rare."""
        spread = self.spread(self.amounts.entries)
        day = f"CASE WHEN n % 10 < 3 THEN {BUSY} + n % {BUSY_DAYS} ELSE {spread} END"
        kind = (
            "CASE WHEN n < 4 THEN 'opening' WHEN n % 1009 = 5 THEN 'transfer'"
            " WHEN n % 2003 = 6 THEN 'bank_interest' WHEN n % 1511 = 7 THEN 'bank_fee'"
            " WHEN n % 1201 = 8 THEN 'reversal'"
            " WHEN n % 10 = 8 THEN 'assistance_approved' WHEN n % 10 = 9 THEN 'assistance_paid'"
            " ELSE 'donation' END"
        )
        self.rows(
            "journal_entries", self.amounts.entries, id="n", kind=kind,
            entry_on=self.words.day(day), posted_at=self.words.instant(day), memo="'เงินบริจาค'",
            source_type="CASE WHEN n % 10 > 7 THEN 'disbursement_request' ELSE 'payment' END",
            source_ref="'e' || n", maker="'maker'", checker="'checker'", receipt="''",
            private="''", reverses_entry_id=f"CASE WHEN {kind} = 'reversal' THEN n - 1 END",
            idempotency_key="'bulk:' || n", content_hash=self.words.bytes32, posting_count="1",
            total_satang="10000 * (1 + n % 7)", canonical=self.words.bytes32,
            leaf_hash=self.words.bytes32,
        )  # fmt: skip
        bank = "CASE WHEN id % 1999 = 3 THEN '1122' WHEN id % 50 = 2 THEN '1110' ELSE '1121' END"
        self.rows(
            "postings", 0, "journal_entries WHERE maker = 'maker'",
            entry_id="id", position="1", posting_count="1", entry_on="entry_on",
            fund_code=(
                "CASE WHEN id % 1999 = 3 THEN 'ZAKAT' WHEN id % 3 = 0 THEN 'EDUCATION'"
                " ELSE 'GENERAL' END"
            ),
            debit_account_code=(
                "CASE kind WHEN 'assistance_approved' THEN '5120'"
                " WHEN 'assistance_paid' THEN '2110'"
                f" WHEN 'bank_fee' THEN '5210' WHEN 'transfer' THEN '1123' ELSE {bank} END"
            ),
            credit_account_code=(
                "CASE kind WHEN 'assistance_approved' THEN '2110'"
                " WHEN 'assistance_paid' THEN '1121'"
                " WHEN 'bank_fee' THEN '1121' WHEN 'transfer' THEN '1121'"
                " WHEN 'bank_interest' THEN '4210' ELSE '4110' END"
            ),
            amount_satang="total_satang",
        )  # fmt: skip

    def days(self) -> None:
        """What each day moved, folded behind the log."""
        moved = " UNION ALL ".join(
            f"SELECT entry_on, fund_code, {side}_account_code AS account_code, {amounts}"
            " FROM postings"
            for side, amounts in (
                ("debit", "amount_satang AS debit, 0 AS credit"),
                ("credit", "0, amount_satang"),
            )
        )
        self.run(
            "INSERT INTO account_days SELECT entry_on, fund_code, account_code, sum(debit),"
            f" sum(credit) FROM ({moved}) AS moved GROUP BY 1, 2, 3"
        )
        self.run(
            "UPDATE day_folding SET settled_entry_id = (SELECT max(id) FROM journal_entries),"
            " leaf_count = (SELECT coalesce(max(leaf_index) + 1, 0) FROM log_leaves)"
        )

    def help(self) -> None:
        """What the help of each district moved, folded behind the log."""
        for table, day in (("help_days", "d.entry_on"), ("help_months", "d.month_on")):
            moved = " UNION ALL ".join(
                f"SELECT p.entry_on, {self.words.month('p.entry_on')} AS month_on, r.district_code,"
                f" p.fund_code, p.{side}_account_code AS account_code, {amounts}"
                " FROM disbursement_requests r JOIN journal_entries j"
                " ON j.source_type = 'disbursement_request' AND j.source_ref = r.public_id"
                " JOIN postings p ON p.entry_id = j.id"
                for side, amounts in (
                    ("debit", "p.amount_satang AS debit, 0 AS credit"),
                    ("credit", "0, p.amount_satang"),
                )
            )
            self.run(
                f"INSERT INTO {table} SELECT {day}, d.district_code, d.fund_code, d.account_code,"
                f" sum(d.debit), sum(d.credit) FROM ({moved}) AS d GROUP BY 1, 2, 3, 4"
            )
        self.run(
            "UPDATE help_folding SET settled_entry_id = (SELECT max(id) FROM journal_entries),"
            " leaf_count = (SELECT coalesce(max(leaf_index) + 1, 0) FROM log_leaves)"
        )

    def campaigns(self) -> None:
        """A fourth of the gifts to a fund are of one campaign, and everything is folded."""
        self.run(
            "INSERT INTO campaign_postings SELECT c.id, p.entry_on, p.entry_id, p.position"
            " FROM campaigns c, postings p WHERE c.slug = 'new-shoes' AND p.fund_code = c.fund_code"
            " AND p.credit_account_code = '4110' AND p.entry_id % 4 = 0"
        )
        for side, amounts in (("debit", "p.amount_satang, 0"), ("credit", "0, p.amount_satang")):
            amount = amounts.replace("p.amount_satang", "sum(p.amount_satang)")
            self.run(
                f"INSERT INTO campaign_months SELECT {self.words.month('p.entry_on')},"
                f" o.campaign_id, p.{side}_account_code, {amount} FROM campaign_postings o"
                " JOIN postings p ON p.entry_id = o.entry_id GROUP BY 1, 2, 3"
            )
        self.run(
            "UPDATE campaign_folding SET settled_entry_id = (SELECT max(id) FROM journal_entries)"
        )

    def giving(self) -> None:
        """Ten instalments of each pledge, one in five not paid; a payment for each gift."""
        count, words = self.amounts.pledges, self.words
        self.rows(
            "donors", count, id="n", public_id="'d' || n", kind="'individual'",
            name="'ผู้ให้คนที่ ' || n", name_key="'ผู้ให้คนที่' || n",
            email="'giver-' || n || '@example.com'",
            locale="'th'", created_at=words.instant(self.spread(count)),
        )  # fmt: skip
        status = (
            "CASE n % 10 WHEN 0 THEN 'cancelled' WHEN 1 THEN 'paused' WHEN 2 THEN 'completed'"
            " ELSE 'active' END"
        )
        self.rows(
            "pledges", count, id="n", token="'p' || n", donor_id="n",
            fund_code="CASE WHEN n % 3 = 0 THEN 'EDUCATION' ELSE 'GENERAL' END",
            amount_satang="100000", frequency="'monthly'", instalment_count="10",
            starts_on=words.day(self.spread(count)), method="'promptpay'",
            donor_name="'ผู้ให้คนที่ ' || n", is_anonymous=words.false, locale="'th'", status=status,
            created_at=words.instant(self.spread(count)),
        )  # fmt: skip
        # Due until a year after the last day of the books.
        due = f"((n - 1) / 10 * {DAYS - 300} / {count} + (n % 10) * 60)"
        paid = f"CASE WHEN {due} < {DAYS - 5} AND n % 5 > 0 THEN 10000 ELSE 0 END"
        self.rows(
            "instalments", count * 10, id="n", pledge_id="1 + (n - 1) / 10",
            number="1 + (n - 1) % 10", reference="'REF' || n", due_on=words.day(due),
            amount_satang="10000 + 100 * (n % 5)", paid_satang=paid,
        )  # fmt: skip
        self.run(
            "UPDATE instalments SET paid_satang = amount_satang"
            f" WHERE paid_satang = 10000 AND id <= {count * 10} AND id % 997 > 0"
        )
        gifts = "journal_entries WHERE maker = 'maker' AND kind = 'donation' AND id % 2 = 0"
        self.rows(
            "payments", 0, gifts, id="id", public_id="'g' || id",
            donor_id=f"1 + id % {count}",
            pledge_id=f"CASE WHEN id % 4 = 0 THEN 1 + id % {count} END",
            method=(
                "CASE WHEN id % 499 = 2 THEN 'cheque' WHEN id % 50 = 2 THEN 'cash'"
                " WHEN id % 4 = 0 THEN 'promptpay' ELSE 'transfer' END"
            ),
            amount_satang="total_satang", received_on="entry_on", is_anonymous=words.false,
            external_ref="'slip' || id", status="'received'", journal_entry_id="id",
            recorded_by="'maker'", recorded_at="posted_at",
        )  # fmt: skip
        bulk = f"payments WHERE id <= {self.amounts.entries}"
        fund = "CASE WHEN id % 3 = 0 THEN 'EDUCATION' ELSE 'GENERAL' END"
        self.rows(
            "designations", 0, bulk, payment_id="id", fund_code=fund, amount_satang="amount_satang"
        )
        self.rows(
            "receipts", 0, bulk, id="id", code="'r' || id", fiscal_year="2000", number="id",
            payment_id="id", issued_on="received_on", issued_at="recorded_at",
            donor_name="'ผู้ให้'", fund_code=fund, method="method", amount_satang="amount_satang",
            received_on="received_on", tax_wording_number="1", void_reason="''",
        )  # fmt: skip
        self.run(
            "INSERT INTO receipt_counters (fiscal_year, last_number)"
            " SELECT 2000, max(number) FROM receipts WHERE fiscal_year = 2000"
        )
        self.rows(
            "allocations", 0, f"{bulk} AND id % 4 = 0", payment_id="id",
            instalment_id=f"1 + id % {count * 10}", amount_satang="amount_satang",
        )  # fmt: skip

    def children(self) -> None:
        """A file for each child, with two consents, one of which has often ended."""
        template = db.session.scalars(select(Child).order_by(Child.id)).first()
        self.copies(
            Guardian, template.guardian, self.amounts.children // 2 + 1,
            lambda n: {"id": n, "public_id": f"u{n}"},
        )  # fmt: skip
        # Drawn by chance, so one in a hundred times two of five thousand are alike.
        codes = [*{new_code() for _ in range(self.amounts.children + 10)}]
        self.copies(
            Child, template, self.amounts.children,
            lambda n: {
                "id": n, "public_id": f"c{n}", "code": codes[n - 1], "guardian_id": 1 + n // 2,
                "id_number_lookup": n.to_bytes(32, "big"), "person_lookup": n.to_bytes(32, "big"),
                "name_lookup": n.to_bytes(32, "big"), "district_code": DISTRICTS[n % 3],
                **(
                    {"status": "closed", "closed_on": template.registered_at.date(),
                     "close_reason": "finished"}
                    if n % 5 == 0
                    else {"status": ChildStatus.WAITING if n % 40 == 1 else ChildStatus.ACTIVE}
                ),
            },
        )  # fmt: skip
        signed = db.session.scalars(select(Consent).order_by(Consent.id)).first()
        self.copies(
            Consent, signed, 2 * self.amounts.children,
            lambda n: {
                "id": n, "child_id": (n + 1) // 2,
                "kind": "keep_file" if n % 2 else "sensitive_facts", "signed_on": day_after(0),
                "expires_on": day_after(600 + n % 600) if n % 8 == 3 else None,
                "withdrawn_on": day_after(600 + n % 500) if n % 50 == 7 else None,
            },
        )  # fmt: skip
        # One in four hundred is of somebody who works elsewhere.
        self.run(
            "INSERT INTO child_managers (id, child_id, district_code, manager_id, since_at)"
            " SELECT id, id, district_code,"
            f" CASE WHEN id % 400 = 7 THEN {self.people['other_manager'][0]}"
            " ELSE registered_by_id END, registered_at FROM children"
            f" WHERE id <= {self.amounts.children} AND status <> 'closed'"
        )
        self.run(
            "INSERT INTO duplicate_findings (id, child_id, other_id, found_by_id, found_at)"
            " SELECT id, id, id - 1, registered_by_id, registered_at FROM children"
            f" WHERE id <= {self.amounts.children} AND status = 'waiting' AND id > 1"
        )

    def requests(self) -> None:
        """Four in ten have their receipt, one in ten waits; a payout for those that are paid."""
        template = db.session.scalars(
            select(DisbursementRequest).order_by(DisbursementRequest.id)
        ).first()
        statuses = (
            "confirmed", "confirmed", "confirmed", "confirmed", "paid", "paid", "submitted",
            "approved", "rejected", "returned", "cancelled", "problem",
        )  # fmt: skip
        self.copies(
            DisbursementRequest, template, self.amounts.requests,
            lambda n: {
                "id": n, "public_id": f"q{n}", "number": f"RQB{n}",
                "district_code": DISTRICTS[n % self.amounts.children % 3],
                "fund_code": "ZAKAT" if n % 401 == 0 else ("GENERAL", "EDUCATION")[n % 2],
                "status": statuses[n % 12], "approval_entry_id": n,
            },
        )  # fmt: skip
        bulk = f"disbursement_requests WHERE id <= {self.amounts.requests}"
        self.rows(
            "request_lines", 0, bulk, id="id", request_id="id",
            child_id=f"1 + id % {self.amounts.children}", amount_satang="total_satang",
        )  # fmt: skip
        approver, payer = self.people["approver"][0], self.people["fund_officer"][0]
        self.rows(
            "approvals", 0, bulk, id="id", request_id="id", requested_by_id="requested_by_id",
            version="1", facts_sha256="facts_sha256", approver_id=str(approver),
            decision="'approve'", decided_at="requested_at",
        )  # fmt: skip
        self.rows(
            "account_checks", 0, f"{bulk} AND status <> 'submitted'", id="id", request_id="id",
            number="1", requested_by_id="requested_by_id", facts_sha256="facts_sha256",
            answer="'matches'", checked_by="'book'",
            checked_by_id=str(self.people["supervisor"][0]), checked_at="requested_at",
        )  # fmt: skip
        self.rows(
            "payouts", 0, f"{bulk} AND status IN ('paid', 'confirmed', 'problem')", id="id",
            public_id="'o' || id", voucher="'PVB' || id", request_id="id",
            requested_by_id="requested_by_id", approval_id="id", approver_id=str(approver),
            decision="'approve'", payer_id=str(payer), method="'transfer'",
            paid_from_account_code="'1121'", amount_satang="total_satang",
            paid_on=self.words.day(f"id * {DAYS - 1} / {self.amounts.requests}"),
            bank_reference="''", journal_entry_id="id", recorded_at="requested_at",
        )  # fmt: skip

    def bank(self) -> None:
        """Statements of `LINES` lines; nine in ten are matched, and each names a giver."""
        count = self.amounts.lines
        template = db.session.scalars(select(StatementLine).order_by(StatementLine.id)).first()
        account = template.bank_account_code
        begin = f"((n - 1) * {LINES} * {DAYS - 40} / {count})"
        end = f"(n * {LINES} * {DAYS - 40} / {count})"
        self._statements(account, begin, end)
        lines, stated = [], []
        for n in range(1, count + 1):
            line, row = _line(n, count)
            lines.append({**line, "bank_account_code": account})
            stated.append(row)
        self.connection.execute(insert(StatementLine.__table__), lines)
        self.connection.execute(insert(StatedLine.__table__), stated)
        # Each matched line has a payment of its own, on about its day.
        self.run(
            "INSERT INTO matches (id, line_id, bank_account_code, payment_id, amount_satang,"
            " reason, matched_by, matched_at)"
            " SELECT l.n, l.n, l.account, p.id, l.satang, '[]', 'maker', p.recorded_at FROM ("
            "SELECT id AS n, bank_account_code AS account, matched_satang AS satang,"
            " row_number() OVER (ORDER BY id) AS place FROM statement_lines"
            f" WHERE status = 'matched' AND id <= {count}) AS l JOIN ("
            "SELECT id, recorded_at, row_number() OVER (ORDER BY id) AS place FROM payments"
            f" WHERE id <= {self.amounts.entries}) AS p ON p.place = l.place"
        )

    def _statements(self, account: str, begin: str, end: str) -> None:
        self.rows(
            "statements", 1 + self.amounts.lines // LINES, id="n", public_id="'s' || n",
            bank_account_code=f"'{account}'", profile="'ktb'", file_name="'file.csv'",
            file_sha256=(
                "decode(lpad(to_hex(n), 64, '0'), 'hex')"
                if self.words.is_postgresql
                else "CAST(printf('%032d', n) AS BLOB)"
            ),
            from_on=self.words.day(begin), to_on=self.words.day(end), opening_satang="0",
            closing_satang="0", imported_by="'maker'", imported_at=self.words.instant(f"{end} + 1"),
        )  # fmt: skip

    def trail(self) -> None:
        """Events of every kind of thing, and who read which child's file."""
        count = self.amounts.events
        at = self.words.instant(self.spread(count))
        readers = [ref for _, ref in self.people.values()]
        who = "CASE n % 997 " + "".join(
            f"WHEN {number} THEN '{ref}' " for number, ref in enumerate(readers)
        )
        actor = f"{who} ELSE '{self.people['fund_officer'][1]}' END"
        action = (
            "CASE WHEN n % 1013 = 1 THEN 'ledger:period:close' WHEN n % 2 = 0"
            " THEN 'giving:payment:receive' ELSE 'banking:line:match' END"
        )
        kind = (
            "CASE WHEN n % 1013 = 1 THEN 'period' WHEN n % 2 = 0 THEN 'payment'"
            " ELSE 'statement_line' END"
        )
        self.rows(
            "audit_events", count, id="n", at=at, actor=actor, action=action, subject_type=kind,
            subject_ref=(
                f"CASE WHEN n % 2 = 0 THEN 'g' ELSE 'l' END || (1 + n % {self.amounts.lines})"
            ),
            note="''", changes="'{}'",
        )  # fmt: skip
        self.rows(
            "child_reads", count, id="n", at=at, reader=actor,
            child_ref=f"'c' || (1 + n % {self.amounts.children})", purpose="'file'",
        )  # fmt: skip

    def mail(self) -> None:
        """Nearly all of it is sent."""
        count = self.amounts.events // 4
        at = self.words.instant(self.spread(count))
        self.rows(
            "mail_messages", count, id="n", recipient_type="'donor'",
            recipient_ref=f"'d' || (1 + n % {self.amounts.pledges})", about_type="'payment'",
            about_ref="'g' || n", to_address="'giver@example.com'",
            subject="'ขอบคุณ'", body="'ขอบคุณ'",
            locale="'th'", queued_at=at, due_at=at,
            sent_at=f"CASE WHEN n % 20 > 0 THEN {at} END",
            attempts="CASE WHEN n % 40 = 0 THEN 25 ELSE 1 END", last_error="''",
        )  # fmt: skip

    def balances(self) -> None:
        """What the triggers would have kept."""
        sides = " UNION ALL ".join(
            f"SELECT fund_code, {side}_account_code AS account_code,"
            f" {self.words.month('entry_on')} AS month_on,"
            f" {debit} AS debit, {credit} AS credit FROM postings"
            for side, debit, credit in (
                ("debit", "amount_satang", "0"),
                ("credit", "0", "amount_satang"),
            )
        )
        self.run("DELETE FROM monthly_balances")
        if self.words.is_postgresql:
            self.run("DELETE FROM balance_deltas")
        self.run(
            "INSERT INTO monthly_balances"
            " (fund_code, account_code, month_on, debit_satang, credit_satang)"
            f" SELECT fund_code, account_code, month_on, sum(debit), sum(credit) FROM ({sides}) x"
            " GROUP BY fund_code, account_code, month_on"
        )

    def copies(
        self, model: Any, template: Any, count: int, change: Callable[[int], dict[str, Any]]
    ) -> None:
        """Rows like ``template``, each encrypted for itself."""
        table = model.__table__
        encrypted = {
            column.name: decrypt_optional(template, column.name)
            for column in table.c
            if is_encrypted(column) and getattr(template, column.name) is not None
        }
        like = {column.name: getattr(template, column.name) for column in table.c}
        rows = []
        for n in range(1, count + 1):
            row = {**like, **change(n)}
            for name, text in encrypted.items():
                row[name] = encrypt(model, name, row["id"], text)
            rows.append(row)
        self.connection.execute(insert(table), rows)

    def refs(self) -> dict[str, str]:
        """The things whose pages are opened."""
        last_gift = self.last("id", "payments", "status = 'received'")
        own = "status = 'active' AND district_code = '9506'"
        return {
            "unmatched_line": self.last(
                "public_id", "statement_lines", "status = 'unmatched' AND deposit_satang > 0"
            ),
            "paid_out_line": self.last("public_id", "statement_lines", "withdrawal_satang > 0"),
            "statement": f"s{self.amounts.lines // LINES}",
            "donor": "d7",
            "pledge": "p7",
            "payment": f"g{last_gift}",
            "receipt": f"r{last_gift}",
            "gift_entry": entry_number(last_gift),
            "help_entry": entry_number(
                self.last("approval_entry_id", "disbursement_requests", "status = 'paid'")
            ),
            "child": self.last("public_id", "children", own),
            "manager": self.people["case_manager"][1],
            "child_code": self.last("code", "children", own),
        }

    def last(self, column: str, table: str, condition: str) -> Any:
        """A value of the last row of the bulk."""
        return self.run(
            f"SELECT {column} FROM {table} WHERE id < 1000000 AND {condition}"
            " ORDER BY id DESC LIMIT 1"
        ).scalar()


def _line(n: int, count: int) -> tuple[dict[str, Any], dict[str, Any]]:
    """A line of the bank, and the row of the file that states it."""
    reference = new_reference() if n % 5 == 0 else ""
    words = BankWords("รับโอนเงิน", f"นาย สมมุติ คนที่ {n % 300} {reference}", "Mobile")
    status = {1: "unmatched", 2: "held", 3: "ignored"}.get(n % 60, "matched")
    status = "unmatched" if n % 10 == 1 else status
    satang, is_out = 10_000 + 100 * (n % 5), n % 12 == 1
    said = {**digests_of(n, words), "booked_time": "10:00", "balance_satang": 100_000 + n}
    statement = 1 + (n - 1) // LINES
    line = {
        "id": n, "public_id": f"l{n}", "statement_id": statement, "row_number": n,
        "booked_on": day_after(n * (DAYS - 41) // count),
        "withdrawal_satang": satang if is_out else 0, "deposit_satang": 0 if is_out else satang,
        "ordinal": n, "day_position": n, "status": status,
        "status_reason": "waiting" if status in ("ignored", "held") else "",
        "matched_satang": satang if status == "matched" else 0,
        "detail_lookup": lookup_detail(words.detail),
        "words_encrypted": encrypt_words(StatementLine, n, words), **said,
    }  # fmt: skip
    row = {
        "statement_id": statement, "row_number": n, "id": n, "line_id": n, "position": n,
        "words_encrypted": encrypt_words(StatedLine, n, words), **said,
    }  # fmt: skip
    return line, row

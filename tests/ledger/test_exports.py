"""What auditors' own programs make of the exports: the same totals, to the satang."""

import csv
import io
import json
import os
import shutil
import subprocess
import sys
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest
from beancount.loader import load_file

from fundapp.csv_safety import plain_text
from fundapp.db import db
from fundapp.ledger import chart, exports, queries
from fundapp.ledger.canonical import clean_text, leaf_hash
from fundapp.ledger.drafts import PostingDraft, entry_number
from fundapp.ledger.models import JournalEntry, Restriction
from tests.factories.books import (
    make_approval,
    make_entry,
    make_fund,
    make_gift,
    make_payout,
    make_reversal,
)

FOREVER = date(2099, 12, 31)
#: Memos that mean something to one format or another.
MEMOS = [
    "ทุนการศึกษา; date:2020-99-99 \\ \"quoted\" 'single' | note * ! (x)",
    "=HYPERLINK(1)",
    "; comment",
    '"',
    "\\",
    "#tag ^link {brace} @ 5.00 USD",
    "line one\nline two\t=1",
    "",
]


@pytest.fixture
def books(session):
    make_fund("GENERAL")
    make_fund("ZAKAT_1", Restriction.ZAKAT, position=1)
    for number, memo in enumerate(MEMOS):
        make_gift(100_005 + number, memo=memo, on=date(2026, 10, 1 + number))
    make_entry(
        PostingDraft("ZAKAT_1", chart.BANK_ZAKAT, chart.ZAKAT_RECEIVED, 50_001),
        PostingDraft("ZAKAT_1", chart.BANK_FEES, chart.BANK_ZAKAT, 1),
        PostingDraft("GENERAL", chart.BANK_MAIN, chart.DONATIONS_ORGANISATIONS, 7),
    )
    make_approval(33_333)
    make_payout(11_111)
    make_reversal(make_gift(99))


def exported(format_name):
    return "".join(exports.export_lines(format_name))


def trial_balance():
    return {row.account.code: row.balance_satang for row in queries.trial_balance(FOREVER)}


def satang(text):
    amount = Decimal(text.replace("THB", "").strip() or "0") * 100
    assert amount == int(amount)
    return int(amount)


def run(*command, given=None):
    environment = {**os.environ, "LC_ALL": "C"}
    result = subprocess.run(
        command, input=given, capture_output=True, text=True, check=False, env=environment
    )
    assert result.returncode == 0, result.stdout + result.stderr
    return result.stdout


def program(name):
    """A program of the system or of the virtual environment."""
    beside_python = Path(sys.executable).with_name(name)
    return str(beside_python) if beside_python.exists() else shutil.which(name)


def hledger(journal, *arguments):
    """What hledger says of the journal, as rows."""
    if program("hledger") is None:
        pytest.skip(
            "HLEDGER IS NOT INSTALLED: its totals were not compared (apt-get install hledger)"
        )
    table = run(program("hledger"), "-f", "-", *arguments, "-O", "csv", given=journal)
    return list(csv.reader(io.StringIO(table)))


def test_hledger_totals_like_the_trial_balance(books):
    rows = hledger(exported("hledger"), "bal", "--flat", "-E", "-N")
    totals = {row[0].split(":")[1].split()[0]: satang(row[1]) for row in rows[1:]}
    assert {code: total for code, total in totals.items() if total} == {
        code: total for code, total in trial_balance().items() if total
    }


@pytest.mark.sqlite
def test_hledger_knows_the_funds_and_is_content_with_the_journal(books):
    rows = hledger(exported("hledger"), "bal", "tag:fund=ZAKAT_1", "--flat", "-N")
    totals = {row[0].split(":")[1].split()[0]: satang(row[1]) for row in rows[1:]}
    assert totals == {"1122": 50_000, "4130": -50_001, "5210": 1}
    run(
        program("hledger"), "-f", "-", "check", "--strict", "accounts", "commodities",
        given=exported("hledger"),
    )  # fmt: skip


@pytest.mark.sqlite
def test_hledger_reads_nothing_into_memos(books):
    rows = hledger(exported("hledger"), "print")
    said = {row[rows[0].index("description")] for row in rows[1:]}
    thai = "ทุนการศึกษา".encode("ascii", "backslashreplace").decode()
    assert thai + ", date:2020-99-99 \\ \"quoted\" 'single' | note * ! (x)" in said
    assert {row[rows[0].index("date")][:5] for row in rows[1:]} == {"2026-"}


@pytest.mark.sqlite
def test_every_posting_stands_in_the_hledger_journal_without_hledger(books):
    """The same sum, added up from the text itself."""
    totals = {}
    for line in exported("hledger").splitlines():
        if line.startswith("    ") and not line.startswith("    ;") and " = " not in line:
            account, rest = line.strip().split("  ", 1)
            code = account.split(":")[1].split()[0]
            totals[code] = totals.get(code, 0) + satang(rest.split(";")[0])
    assert totals == trial_balance()


def test_beancount_accepts_the_ledger_and_totals_alike(books, tmp_path):
    file = tmp_path / "export.beancount"
    file.write_text(exported("beancount"), encoding="utf-8")
    run(program("bean-check"), str(file))
    entries, errors, _options = load_file(str(file))
    assert errors == []
    totals = {}
    for entry in entries:
        for posting in getattr(entry, "postings", ()):
            code = posting.account.split(":")[1][1:]
            totals[code] = totals.get(code, 0) + satang(str(posting.units.number))
    assert totals == trial_balance()


def refusal(*command):
    """What a program says of a file that it refuses; empty when it takes it."""
    result = subprocess.run(command, capture_output=True, text=True, check=False)
    return (result.stdout + result.stderr) if result.returncode else ""


@pytest.mark.sqlite
def test_a_satang_too_much_in_an_old_month_is_refused_by_the_auditors_programs(books, tmp_path):
    """Each states what its accounts have at the end of each month, as the balances have it."""
    make_gift(500, on=date(2026, 8, 31))
    checks = [("beancount", [program("bean-check")], "Balance failed")]
    if program("hledger"):
        checks.append(("hledger", [program("hledger"), "check", "-f"], "balance assertion"))
    for format_name, command, complaint in checks:
        text = exported(format_name)
        assert text.count("5.00 THB") >= 2
        file = tmp_path / f"books.{format_name}"
        file.write_text(text, encoding="utf-8")
        assert not refusal(*command, str(file)), format_name
        # In both legs, so that the entry itself is still in balance.
        changed = text.replace("  5.00 THB", "  5.01 THB", 1).replace(" -5.00 THB", " -5.01 THB", 1)
        assert changed != text
        file.write_text(changed, encoding="utf-8")
        said = refusal(*command, str(file))
        assert complaint.lower() in said.lower(), (format_name, said)


def test_jsonl_is_the_canonical_bytes(books):
    lines = exported("jsonl").encode().splitlines(keepends=True)
    entries = list(db.session.scalars(db.select(JournalEntry).order_by(JournalEntry.id)))
    assert [line.endswith(b"\n") for line in lines] == [True] * len(entries)
    assert [leaf_hash(line[:-1]) for line in lines] == [entry.leaf_hash for entry in entries]
    assert [json.loads(line)["entry"] for line in lines] == [entry_number(e.id) for e in entries]


@pytest.mark.sqlite
def test_csv_holds_each_posting_and_no_formula(books):
    rows = list(csv.DictReader(io.StringIO(exported("csv"), newline="")))
    totals = {}
    for row in rows:
        amount = int(row["amount_satang"])
        totals[row["debit_account"]] = totals.get(row["debit_account"], 0) + amount
        totals[row["credit_account"]] = totals.get(row["credit_account"], 0) - amount
    assert totals == trial_balance()
    memos = {row["memo"] for row in rows}
    assert "'=HYPERLINK(1)" in memos
    assert "=HYPERLINK(1)" in {plain_text(memo) for memo in memos}


@pytest.mark.one_case
@pytest.mark.parametrize("format_name", list(exports.FORMATS))
def test_empty_books_export_too(session, format_name, tmp_path):
    text = exported(format_name)
    if format_name == "hledger":
        assert hledger(text, "bal") in (None, [["account", "balance"], ["total", "0"]])
    if format_name == "beancount":
        file = tmp_path / "empty.beancount"
        file.write_text(text, encoding="utf-8")
        run(program("bean-check"), str(file))


def test_a_row_of_the_csv_file_is_a_posting_with_all_of_its_entry(session, clock):
    make_fund("GENERAL")
    gift = make_gift(100_005, memo="Gift", source_ref="t-1", receipt="R-2570-000001")
    undone = make_reversal(gift)
    first, second = csv.DictReader(io.StringIO(exported("csv")))
    stored = db.session.get_one(JournalEntry, gift.id)
    assert first == {
        "entry": entry_number(gift.id), "entry_on": "2026-11-24",
        "posted_at": "2026-11-24T03:00:00Z", "kind": "donation", "position": "1",
        "fund": "GENERAL", "debit_account": chart.BANK_MAIN,
        "credit_account": chart.DONATIONS_INDIVIDUALS, "amount_satang": "100005", "memo": "Gift",
        "source_type": "test", "source_ref": "t-1", "maker": "first", "checker": "",
        "receipt": "R-2570-000001", "reverses": "", "leaf_sha256": stored.leaf_hash.hex(),
    }  # fmt: skip
    assert second["entry"] == entry_number(undone.id)
    assert second["reverses"] == entry_number(gift.id)


@pytest.mark.sqlite
def test_plain_text_journals_name_the_entry_its_kind_and_its_leaf(session):
    make_fund("GENERAL")
    gift = make_gift(100_005)
    leaf = db.session.get_one(JournalEntry, gift.id).leaf_hash.hex()
    number = entry_number(gift.id)
    assert f"    ; entry:{number}, kind:donation, leaf-sha256:{leaf}\n" in exported("hledger")
    lines = exported("beancount").splitlines()
    assert {f'  entry: "{number}"', '  kind: "donation"', f'  leaf_sha256: "{leaf}"'} <= set(lines)


def test_names_that_a_format_cannot_hold_are_told_apart():
    names = {
        exports.beancount_account("asset", "1121", code) for code in ("A_B", "A-B", "A.B", "AB")
    }
    assert len(names) == 4
    assert all(name.isascii() for name in names)


class TestCommands:
    """`flask ledger …`."""

    @pytest.mark.sqlite
    def test_export_writes_a_file(self, books, runner, tmp_path):
        target = tmp_path / "books.jsonl"
        result = runner.invoke(
            args=["ledger", "export", "--format", "jsonl", "--output", str(target)]
        )
        assert result.exit_code == 0, result.output
        assert target.read_bytes().decode() == exported("jsonl")

    @pytest.mark.sqlite
    def test_export_writes_to_the_screen(self, books, runner):
        result = runner.invoke(args=["ledger", "export", "--format", "hledger"])
        assert result.stdout_bytes.decode() == exported("hledger")

    @pytest.mark.sqlite
    def test_trial_balance_as_json(self, books, runner):
        result = runner.invoke(
            args=["ledger", "trial-balance", "--as-of", "24/11/2569", "--format", "json"]
        )
        said = json.loads(result.stdout)
        assert said["as_of"] == "2026-11-24"
        rows = said["accounts"]
        assert {tuple(row) for row in rows} == {("code", "name", "debit_satang", "credit_satang")}
        balances = {row["code"]: row["debit_satang"] - row["credit_satang"] for row in rows}
        assert balances == trial_balance()
        assert sum(balances.values()) == 0

    @pytest.mark.sqlite
    def test_trial_balance_as_csv(self, books, runner):
        result = runner.invoke(args=["ledger", "trial-balance", "--as-of", "2026-10-01"])
        rows = list(csv.DictReader(io.StringIO(result.stdout)))
        assert [(row["code"], row["debit_satang"], row["credit_satang"]) for row in rows] == [
            ("1121", "100005", "0"),
            ("4110", "0", "100005"),
        ]

    @pytest.mark.sqlite
    def test_a_day_that_is_none(self, runner, app):
        result = runner.invoke(args=["ledger", "trial-balance", "--as-of", "31/2/2569"])
        assert result.exit_code == 2
        assert "day" in result.output.lower() or "date" in result.output.lower()

    @pytest.mark.sqlite
    def test_create_fund_once(self, runner, app):
        names = ["--name-th", "ก", "--name-en", "A", "--name-ms", "A"]
        command = ["ledger", "create-fund", "WINTER", "--restriction", "restricted", *names]
        assert runner.invoke(args=command).exit_code == 0
        again = runner.invoke(args=command)
        assert (again.exit_code, "already" in again.output) == (1, True)
        bad = runner.invoke(args=["ledger", "create-fund", "a b", *command[3:]])
        assert bad.exit_code == 2
        assert "WINTER" in runner.invoke(args=["ledger", "funds"]).output

    @pytest.mark.sqlite
    @pytest.mark.parametrize("wrong", ["", "  ", "ก" * 201])
    def test_a_fund_has_a_name(self, runner, app, wrong):
        names = ["--name-th", wrong, "--name-en", "A", "--name-ms", "A"]
        command = ["ledger", "create-fund", "WINTER", "--restriction", "restricted", *names]
        result = runner.invoke(args=command)
        assert (result.exit_code, "--name-th" in result.output) == (2, True)
        assert "WINTER" not in runner.invoke(args=["ledger", "funds"]).output

    @pytest.mark.sqlite
    def test_the_trial_balance_of_no_fund(self, runner, app):
        result = runner.invoke(args=["ledger", "trial-balance", "--fund", "NOPE"])
        assert (result.exit_code, "no fund NOPE" in result.output) == (2, True)

    @pytest.mark.sqlite
    def test_close_period(self, runner, app):
        result = runner.invoke(args=["ledger", "close-period", "2026-10-05"])
        assert "2026-10-31 is closed" in result.output
        assert runner.invoke(args=["ledger", "close-period", "1999-11-05"]).exit_code == 1


def plain_hledger():
    """What the hledger export is, written entry by entry with nothing kept from one to the next."""
    names = {account.code: exports.hledger_account(account) for account in queries.list_accounts()}
    for row in queries.iter_entries():
        entry, memo = row.entry, clean_text(row.entry.memo).replace(";", ",")
        written = memo.encode("ascii", "backslashreplace").decode()
        yield f"\n{entry.entry_on} * ({row.number}) {written}".rstrip() + "\n"
        leaf = entry.leaf_hash.hex()
        yield f"    ; entry:{row.number}, kind:{entry.kind.value}, leaf-sha256:{leaf}\n"
        for posting in row.postings:
            sides = (posting.debit_account_code, 1), (posting.credit_account_code, -1)
            for code, sign in sides:
                amount = Decimal(sign * posting.amount_satang).scaleb(-2)
                yield f"    {names[code]}  {amount} THB  ; fund:{posting.fund_code}\n"


def entries_of(journal):
    """What stands between the head of an hledger export and its balances."""
    entries, _, _balances = journal.partition(exports.HLEDGER_BALANCES)
    return entries[entries.index("\n\n") + 1 :]


def test_the_hledger_export_is_the_same_to_the_byte_as_one_written_entry_by_entry(books):
    journal = exported("hledger")
    entries = "".join(plain_hledger())
    assert entries.count("leaf-sha256:") == len(MEMOS) + 5
    assert entries_of(journal) == entries
    jsonl = "".join(row.entry.canonical.decode() + "\n" for row in queries.iter_entries())
    assert exported("jsonl") == jsonl

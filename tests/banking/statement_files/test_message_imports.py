"""MT940 and camt.053 files come in through the door of the CSV files."""

from datetime import date

import pytest
from sqlalchemy import func

from fundapp.banking.models import LineStatus, Statement, StatementLine
from fundapp.banking.operations import import_file, undo_import
from fundapp.banking.reader import words_of
from fundapp.banking.statement_files.parsed import StatementRejected
from fundapp.banking.statement_files.parsing import read_files
from fundapp.db import db, unit_of_work
from fundapp.ledger import chart
from tests.banking.pages import text as page_text
from tests.banking.pages import upload
from tests.factories.actors import OFFICER
from tests.factories.banking import (
    MONDAY,
    TUESDAY,
    WEDNESDAY,
    Move,
    do_import,
    make_bank_account,
    statement_file,
)
from tests.factories.messages import Booked, camt, money, mt940, ntry, stmt

OTHER = "1112223334"


def bring(text, profile="mt940", **values):
    files = read_files(text.encode(), file_name="statement", profile_name=profile)
    return unit_of_work(import_file, files, actor=OFFICER, **values)


def codes_of(text, profile="mt940", **values):
    with pytest.raises(StatementRejected) as caught:
        bring(text, profile, **values)
    return [(error.code, error.column) for error in caught.value.errors]


def count(model):
    return db.session.scalar(db.select(func.count()).select_from(model))


def new_and_known(results):
    return [(each.new_lines, each.completed_lines, each.known_lines) for each in results]


def test_each_statement_goes_into_its_account_or_none_does(bank):
    make_bank_account("KTB-ZAKAT", account_number=OTHER, account_code=chart.BANK_ZAKAT)
    text = mt940([Booked(500)]) + mt940([Booked(700)], number=OTHER)
    wrong = mt940([Booked(500)]) + mt940([Booked(700)], number="5556667778")
    assert codes_of(wrong) == [("which_account", "5556667778")]
    assert codes_of(text, account_code="KTB-MAIN") == [("several_accounts", None)]
    late = text.replace(":61:2611031103C7,", ":61:2611301130C7,").replace(
        "62F:C261122", "62F:C261130"
    )
    assert codes_of(late.replace("C5,00", "C5,00")) == [("future_day", "KTB-ZAKAT")]
    assert count(Statement) == 0
    assert new_and_known(bring(text)) == [(1, 0, 0), (1, 0, 0)]
    accounts = db.session.scalars(db.select(StatementLine.bank_account_code))
    assert sorted(accounts) == ["KTB-MAIN", "KTB-ZAKAT"]
    assert [each.is_known_file for each in bring(text)] == [True, True]


@pytest.mark.sqlite
@pytest.mark.parametrize("first", ["csv", "mt940", "camt053"])
def test_another_format_of_the_same_days_changes_nothing(bank, first):
    entries = [Booked(500, "YL A"), Booked(500, "YL B"), Booked(-200, day=WEDNESDAY)]
    files = {
        "csv": lambda: [do_import(statement_file([
            Move(each.satang, f"{each.detail} โอน", each.day) for each in entries
        ]))],
        "mt940": lambda: bring(mt940(entries)),
        "camt053": lambda: bring(camt(stmt(entries)), "camt053"),
    }  # fmt: skip
    assert new_and_known(files.pop(first)())[0][0] == 3
    before = [(line.id, words_of(line).description) for line in _lines()]
    for other in files.values():
        (result,) = other()
        assert result.new_lines == 0
        assert result.completed_lines + result.known_lines == 3
    assert [(line.id, words_of(line).description) for line in _lines()] == before


def _lines():
    db.session.expire_all()
    return list(db.session.scalars(db.select(StatementLine).order_by(StatementLine.id)))


def _batch(*parts):
    details = "".join(f"<TxDtls>{money(part)}</TxDtls>" for part in parts)
    return stmt(extra=ntry(sum(parts), f"<NtryDtls>{details}</NtryDtls>"), moved=sum(parts))


@pytest.mark.sqlite
def test_a_batch_that_a_table_has_as_one_row_stays_one_line(bank):
    do_import(statement_file([Move(60_000)]))
    (result,) = bring(camt(_batch(10_000, 20_000, 30_000)), "camt053")
    assert (result.new_lines, result.known_lines) == (0, 1)
    assert [line.deposit_satang for line in _lines()] == [60_000]


@pytest.mark.sqlite
def test_parts_of_a_batch_are_lines_of_their_own(bank):
    text = camt(_batch(10_000, 20_000, 30_000))
    assert new_and_known(bring(text, "camt053")) == [(3, 0, 0)]
    again = camt(_batch(10_000, 20_000, 30_000).replace("<Id>S", "<Id>T"))
    assert new_and_known(bring(again, "camt053")) == [(0, 0, 3)]
    with pytest.raises(StatementRejected):
        do_import(statement_file([Move(60_000)]))


@pytest.mark.sqlite
def test_days_that_follow_leave_no_gap(bank):
    bring(mt940([Booked(500)], from_on=MONDAY, to_on=TUESDAY))
    following = mt940([Booked(700, day=date(2026, 11, 6))], from_on=WEDNESDAY, opening=1_000_500)
    (result,) = bring(following)
    assert result.parsed.from_on == WEDNESDAY
    assert not [each for each in result.warnings if "No statement covers" in each.text]


def test_taken_back_it_may_come_again(bank):
    (result,) = bring(mt940([Booked(500)]))
    unit_of_work(undo_import, result.statement.public_id, actor=OFFICER)
    assert [line.status for line in _lines()] == [LineStatus.WITHDRAWN]
    assert new_and_known(bring(mt940([Booked(500)]))) == [(1, 0, 0)]


def _upload(officer, data, profile, **fields):
    data = data.encode() if isinstance(data, str) else data
    return upload(officer, data, profile=profile, account="", **fields)


@pytest.mark.sqlite
def test_the_page_imports_and_refuses_messages(officer):
    text = mt940([Booked(500, "YL A")])
    assert "KTB-MAIN" in page_text(_upload(officer, text, "mt940", dry_run="1"))
    bomb = camt(stmt()).replace("<Document", '<!DOCTYPE a [<!ENTITY x "y">]><Document')
    for data, profile, sentence in (
        (bomb, "camt053", "declares a document type"),
        (text.replace("THB", "USD"), "mt940", "The fund keeps its books in baht."),
        (text.encode() + b"\x00\x01", "mt940", "The file is not a text file."),
        (text, "ktb", "Choose the style “MT940 (SWIFT)”."),
    ):
        answer = _upload(officer, data, profile)
        assert answer.status_code == 422
        assert sentence in page_text(answer)
    assert count(StatementLine) == 0
    answer = _upload(officer, text, "mt940")
    assert answer.status_code == 303
    assert "YL A" in page_text(officer.get(answer.headers["Location"]))


@pytest.mark.sqlite
def test_a_damaged_file_is_never_half_imported(officer):
    whole = {"mt940": mt940([Booked(500), Booked(700)]), "camt053": camt(stmt([Booked(500)]))}
    for profile, text in whole.items():
        data = text.encode()
        for place in range(7, len(data), len(data) // 12):
            damaged = data[:place] + bytes([data[place] ^ place % 16]) + data[place + place % 3 :]
            answer = _upload(officer, damaged, profile)
            assert answer.status_code in (303, 422)
            lines = count(StatementLine)
            assert bool(lines) == bool(count(Statement))


@pytest.mark.sqlite
def test_the_command(bank, runner, tmp_path):
    path = tmp_path / "november.sta"
    path.write_text(mt940([Booked(500)]), newline="")
    args = ["bank", "import", str(path), "--profile", "mt940"]
    dry = runner.invoke(args=[*args, "--dry-run"])
    assert (dry.exit_code, count(StatementLine)) == (0, 0), dry.output
    done = runner.invoke(args=args)
    assert "KTB-MAIN" in done.output
    assert (done.exit_code, count(StatementLine)) == (0, 1)
    path.write_bytes(path.read_bytes()[:-30])
    assert runner.invoke(args=args).exit_code == 1

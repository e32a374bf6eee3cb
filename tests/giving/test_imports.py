"""Donors, past gifts and pledges from a spreadsheet: the whole file or nothing, and once."""

import io
import json
from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import func, select

from fundapp import clock as app_clock
from fundapp.audit.checks import run_checks
from fundapp.crypto import keyring
from fundapp.db import db, unit_of_work
from fundapp.errors import ForbiddenError
from fundapp.giving.imports import operations
from fundapp.giving.imports.columns import Column, ColumnMapping
from fundapp.giving.imports.errors import BookingNotSeenError, ImportChangedError
from fundapp.giving.imports.plan import make_plan
from fundapp.giving.imports.reader import open_sheet
from fundapp.giving.models import (
    Donor,
    DonorImport,
    DonorKind,
    DonorTag,
    ImportMark,
    MatchMode,
    Method,
    Payment,
    Pledge,
    Receipt,
)
from fundapp.giving.operations import describe_donor
from fundapp.giving.receipts.reader import find_details
from fundapp.ledger.models import JournalEntry, Posting
from fundapp.spreadsheets.cells import DayOrder
from fundapp.spreadsheets.errors import ImportOverError, NothingToImportError, RowsWrongError
from fundapp.spreadsheets.reading import read_sheet
from tests.factories.actors import AUDITOR, OFFICER, WORKER
from tests.factories.giving import make_donor
from tests.factories.imports import COLUMNS, HEADINGS, MAPPING, ROWS, make_import
from tests.factories.spreadsheets import csv_file, xlsx
from tests.raw_sql import not_refused

TABLES = (Donor, Pledge, Payment, Receipt, JournalEntry, DonorTag, ImportMark)


def take_over(rows=ROWS, **overrides):
    public_id = make_import(rows, **overrides)
    return unit_of_work(operations.commit_import, public_id, books_gifts=True, actor=OFFICER)


def counts():
    db.session.rollback()
    return [db.session.scalar(select(func.count()).select_from(table)) for table in TABLES]


def problems_of(rows, **overrides):
    sheet = read_sheet(csv_file([HEADINGS, *rows]))
    plan = make_plan(sheet, overrides.get("mapping", MAPPING), MatchMode.BOTH)
    return [(problem.row, problem.column) for problem in plan.problems]


def test_a_file_comes_in_once_with_donors_gifts_and_pledges_and_the_books_stay_true(funds):
    plan = take_over()
    expected = {"rows": 5, "new": 3, "gifts": 4, "pledges": 1, "wrong": 0, "known": 0}
    assert {name: plan.counts[name] for name in expected} == expected
    assert plan.gifts_satang == 137_050
    db.session.rollback()
    aminah = db.session.scalars(select(Donor).where(Donor.email == "aminah@example.org")).one()
    assert (aminah.phone, aminah.kind) == ("0812345678", DonorKind.INDIVIDUAL)
    assert db.session.scalars(select(DonorTag.tag)).all() == ["ศิษย์เก่า"]
    paid = select(Payment.amount_satang).where(Payment.donor_id == aminah.id)
    assert sorted(db.session.scalars(paid)) == [10_000, 100_050]
    pledge = db.session.scalars(select(Pledge).where(Pledge.instalment_count == 12)).one()
    assert pledge.donor.kind is DonorKind.MOSQUE
    assert pledge.donor.user_id is None
    assert {part.amount_satang for part in pledge.instalments} == {10_000}
    assert db.session.scalar(select(func.sum(Posting.amount_satang))) == 137_050
    assert [result.check.name for result in run_checks() if not result.is_green] == []
    before = counts()
    with pytest.raises(NothingToImportError):
        take_over()
    assert counts() == before
    kept = db.session.scalars(select(DonorImport).where(DonorImport.committed_at.is_not(None)))
    assert [row.rows_encrypted for row in kept] == [None]


def test_one_wrong_row_among_many_and_nothing_comes_in(funds):
    rows = [
        ["คน " + "ก" * (1 + n % 50) + chr(0x0E01 + n % 40), "", f"p{n}@example.org"] + [""] * 9
        for n in range(300)
    ]
    rows.append(["สมชาย ทดลองดี", "", "", "", "", "B-1", "1e3", "5/10/2569", "", "", "", ""])
    before = counts()
    public_id = make_import(rows)
    with pytest.raises(RowsWrongError):
        unit_of_work(operations.commit_import, public_id, books_gifts=True, actor=OFFICER)
    assert counts() == before


@pytest.mark.sqlite
def test_what_is_wrong_is_said_of_its_row_and_column(funds):
    def row(name="สมชาย ทดลองดี", **cells):
        by_column = dict.fromkeys(COLUMNS, "") | {Column.NAME: name}
        by_column |= {Column(column): value for column, value in cells.items()}
        return [by_column[column] for column in COLUMNS]

    gift = {"gift_number": "N-1", "gift_amount": "100", "gift_day": "13/10/2569"}
    wrong = [
        *(row(**{**gift, "gift_amount": amount}) for amount in ("1e3", "-1", "0", "100.005")),
        row(**{**gift, "gift_day": "13/10/69"}),
        row(**{**gift, "gift_number": "N-0", "gift_day": "13/10/2570"}),
        row(**{**gift, "gift_number": ""}),
        row(phone="812345678"),
        row(email="no address"),
        row(kind="ไม่รู้จัก"),
        row(name="", phone="0812345678"),
        row(name="12345"),
        row(
            name="",
            **{**gift, "gift_number": "N-2"},
            pledge_amount="100",
            pledge_starts="1/12/2569",
        ),
        row(
            pledge_amount="5",
            pledge_starts="1/12/2569",
            pledge_count="601",
            pledge_frequency="รายเดือน",
        ),
        row(pledge_amount="100", pledge_starts="1/12/2569", pledge_count="2"),
        row(**gift),
        row(name="อีกคน", **gift),
    ]
    found = dict(problems_of(wrong))
    columns = (
        [Column.GIFT_AMOUNT] * 4
        + [Column.GIFT_DAY, Column.GIFT_DAY, Column.GIFT_NUMBER, Column.PHONE, Column.EMAIL]
        + [
            Column.KIND,
            Column.NAME,
            Column.NAME,
            Column.NAME,
            Column.PLEDGE_COUNT,
            Column.PLEDGE_COUNT,
        ]
    )
    assert found == dict(enumerate(columns, start=2)) | {18: Column.GIFT_NUMBER}
    unsaid = ColumnMapping(MAPPING.headings, DayOrder.UNSAID, "GENERAL", Method.CASH)
    ambiguous = row(**{**gift, "gift_day": "3/10/2569"})
    assert problems_of([ambiguous], mapping=unsaid) == [(2, Column.GIFT_DAY)]
    assert problems_of([ambiguous]) == []


def test_known_donors_are_found_and_only_empty_fields_are_filled(funds):
    make_donor("Somchai Jaidee", email="somchai@example.org")
    make_donor("ฟาติมะห์ ทดลองคู่", phone="0811111111")
    rows = [
        ["นายSomchai Jaidee", "", "somchai@example.org", "0822222222", "ครู"] + [""] * 7,
        ["ฟาติมะห์ ทดลองคู่", "", "fatimah@example.org", "081-111-1111", ""] + [""] * 7,
        ["คนใหม่ ทดลองดี", "", "new@example.org", "", ""] + [""] * 7,
    ]
    rows[0][0] = "Mr. Somchai Jaidee"
    added = take_over(rows, mode=MatchMode.ADD)
    assert (added.counts["new"], added.counts["known"], added.counts["completed"]) == (1, 2, 0)
    filled = take_over(rows, mode=MatchMode.COMPLETE)
    assert (filled.counts["completed"], filled.counts["new"]) == (2, 0)
    db.session.rollback()
    read = select(Donor.name, Donor.email, Donor.phone).order_by(Donor.id)
    assert db.session.execute(read).all()[:2] == [
        ("Somchai Jaidee", "somchai@example.org", "0822222222"),
        ("ฟาติมะห์ ทดลองคู่", "fatimah@example.org", "0811111111"),
    ]
    # Two who fit are never chosen from.
    make_donor("Somchai Jaidee", email="other@example.org", phone="0822222222")
    again = [["Somchai Jaidee", "", "somchai@example.org", "0822222222", "x"] + [""] * 7]
    assert problems_of(again) == [(2, Column.NAME)]


def test_only_what_the_preview_showed_comes_in_and_only_when_the_booking_was_seen(funds):
    public_id = make_import(ROWS)
    row = db.session.scalars(select(DonorImport).where(DonorImport.public_id == public_id)).one()
    version = make_plan(open_sheet(row), MAPPING, row.mode).version(row.file_sha256, MAPPING)
    db.session.rollback()
    with pytest.raises(BookingNotSeenError):
        unit_of_work(operations.commit_import, public_id, version=version, actor=OFFICER)
    make_donor("มัสยิดตัวอย่าง", kind=DonorKind.MOSQUE, phone="073211111")
    commit = {"version": version, "books_gifts": True, "actor": OFFICER}
    with pytest.raises(ImportChangedError):
        unit_of_work(operations.commit_import, public_id, **commit)
    with pytest.raises(ForbiddenError):
        unit_of_work(operations.commit_import, public_id, **{**commit, "actor": AUDITOR})


@pytest.mark.sqlite
def test_what_was_shown_of_one_donor_does_not_come_to_another(funds):
    first = make_donor("Somchai Jaidee", phone="0822222222")
    known = ["Somchai Jaidee", "", "", "0822222222", "ครู"] + [""] * 7
    public_id = make_import([known])
    row = db.session.scalars(select(DonorImport).where(DonorImport.public_id == public_id)).one()
    version = make_plan(open_sheet(row), MAPPING, row.mode).version(row.file_sha256, MAPPING)
    db.session.rollback()
    told = {"kind": DonorKind.INDIVIDUAL, "phone": "", "tags": []}
    unit_of_work(describe_donor, first.public_id, **told, actor=OFFICER)
    make_donor("Somchai Jaidee", phone="0822222222", email="other@example.org")
    with pytest.raises(ImportChangedError):
        unit_of_work(operations.commit_import, public_id, version=version, actor=OFFICER)


@pytest.mark.sqlite
def test_an_upload_is_kept_encrypted_and_for_a_day(funds, clock):
    public_id = make_import(ROWS)
    db.session.rollback()
    row = db.session.scalars(select(DonorImport)).one()
    assert "อามีนะห์".encode() not in row.rows_encrypted
    db.session.rollback()
    clock.move_to(app_clock.now() + timedelta(days=1, minutes=1))
    with pytest.raises(ImportOverError):
        unit_of_work(operations.commit_import, public_id, books_gifts=True, actor=OFFICER)
    assert unit_of_work(operations.forget_expired, actor=WORKER) == 1
    db.session.rollback()
    assert db.session.scalars(select(DonorImport.rows_encrypted)).one() is None


#: What raw SQL may not do to what was taken over.
ATTACKS = [
    "UPDATE donor_imports SET committed_by = NULL, committed_at = NULL",
    "UPDATE donor_imports SET counts = 'x'",
    "UPDATE import_marks SET donor_id = 0",
    "DELETE FROM import_marks",
    "INSERT INTO donor_tags SELECT donor_id, '' FROM donor_tags",
    "INSERT INTO donor_differences SELECT id, id, 'x', created_at FROM donors",
]


def test_the_database_keeps_what_was_taken_over(funds):
    take_over()
    assert not_refused(ATTACKS) == []


@pytest.mark.sqlite  # pages and forms, alike on both
def test_an_officer_uploads_maps_looks_and_takes_over(officer, funds):
    page = officer.get("/donors/import")
    assert page.status_code == 200
    bad = ["แย่", "", "", "", "", "Z-1", "1e3", "5/10/2569", "", "", "", ""]
    answer = officer.post(
        "/donors/import", data={"file": (io.BytesIO(xlsx([HEADINGS, *ROWS, bad])), "donors.xlsx")}
    )
    assert answer.status_code == 303
    columns = answer.location
    assert columns.endswith("/columns")
    assert "selected" in officer.get(columns).text
    chosen = {f"column_{column}": heading for column, heading in MAPPING.headings.items()}
    form = {
        **chosen, "day_order": "day_first", "mode": "both", "fund": "GENERAL",
        "method": "transfer", "profile_name": "Old list",
    }  # fmt: skip
    missing = officer.post(columns, data={**form, "column_name": ""})
    assert missing.status_code == 422
    preview = officer.post(columns, data=form).location
    shown = officer.get(preview).text
    assert "1 row is wrong" in shown
    assert "Take the file over" not in shown
    listed = officer.get(f"{preview}/rows.csv").text
    assert "Write the amount with digits only" in listed
    assert officer.get(f"{preview}/rows.xlsx").data.startswith(b"PK")
    right = officer.post(
        "/donors/import",
        data={"file": (io.BytesIO(xlsx([HEADINGS, *ROWS])), "donors.xlsx"), "profile": "Old list"},
    ).location
    shown = officer.get(right).text
    assert "1,370.50" in shown
    assert "counted twice" in shown
    version = value_of(shown, "version")
    unseen = officer.post(right, data={"version": version})
    assert unseen.status_code == 422
    stale = officer.post(right, data={"version": "other", "books_gifts": "1"})
    assert stale.status_code == 409
    done = officer.post(right, data={"version": version, "books_gifts": "1"})
    assert done.status_code == 303
    assert "What the file has brought" in officer.get(right).text
    assert officer.post(right, data={"version": version}).status_code == 422
    bomb = officer.post("/donors/import", data={"file": (io.BytesIO(b"PK\x03\x04x"), "x.xlsx")})
    assert bomb.status_code == 422
    assert "Save it again as .xlsx" in bomb.text


def value_of(page, name):
    return page.split(f'name="{name}"')[1].split('value="')[1].split('"')[0]


@pytest.mark.sqlite
def test_the_command_takes_a_file_over_with_a_profile(funds, runner, tmp_path):
    def run(*options):
        return runner.invoke(args=["giving", "import-donors", str(path), *options])

    path = tmp_path / "donors.csv"
    path.write_bytes(csv_file([HEADINGS, *ROWS]))
    assert "no profile" in run("--profile", "Old list").output
    public_id = make_import([ROWS[0]])
    unit_of_work(
        operations.map_columns, public_id, MAPPING, mode=MatchMode.ADD, profile_name="Old list",
        actor=OFFICER,
    )  # fmt: skip
    options = ("--profile", "Old list", "--json")
    before = counts()
    assert json.loads(run(*options, "--dry-run").output)["new"] == 3
    assert counts() == before
    assert json.loads(run(*options).output)["gifts"] == 4
    after = counts()
    assert after[0] == before[0] + 4  # three, and the row of unknown givers
    assert json.loads(run(*options).output)["new"] == 0
    assert counts() == after
    path.write_bytes(csv_file([HEADINGS, [*ROWS[0][:6], "1e3", *ROWS[0][7:]]]))
    wrong = run(*options)
    assert (wrong.exit_code, json.loads(wrong.output)["problems"][0]["row"]) == (1, 2)


@pytest.mark.sqlite
def test_anonymity_address_and_tax_number_come_in_and_old_rows_are_known_again(funds):
    """Also of a file that was taken over when rows had no such columns."""
    columns = [Column.ANONYMOUS, Column.ADDRESS, Column.TAX_ID]
    headings = {column: str(column) for column in columns}
    mapping = replace(MAPPING, headings={**MAPPING.headings, **headings})
    blank = [""] * 7
    rows = [
        ["ผู้ให้ ไม่ออกนาม", "", "hidden@example.org", "", "", "B-1", "500", "5/10/2569", "100",
         "1/12/2569", "1", "", "ใช่", "1 ถนนตัวอย่าง ยะลา", "0994000161107"],
        ["ผู้ให้ ออกนาม", "", "shown@example.org", "", "", *blank, "", "", "1234567890123"],
        ["ไม่มี เงิน", "", "none@example.org", "", "", *blank, "yes", "", ""],
        ["คำ แปลก", "", "odd@example.org", "", "", *blank, "perhaps", "", ""],
    ]  # fmt: skip
    content = csv_file([[*HEADINGS, *map(str, columns)], *rows])
    read = read_sheet(content)
    plan = make_plan(read, mapping, MatchMode.BOTH)
    said = {(problem.row, problem.column) for problem in plan.problems}
    wrong = {(3, Column.TAX_ID), (4, Column.ANONYMOUS), (5, Column.ANONYMOUS)}
    assert said == wrong
    right = csv_file([[*HEADINGS, *map(str, columns)], rows[0]])
    upload = unit_of_work(operations.keep_upload, right, read_sheet(right), actor=OFFICER)
    args = {"mode": MatchMode.BOTH, "actor": OFFICER}
    unit_of_work(operations.map_columns, upload.public_id, mapping, **args)
    unit_of_work(operations.commit_import, upload.public_id, books_gifts=True, actor=OFFICER)
    donor = db.session.scalars(select(Donor).where(Donor.email == "hidden@example.org")).one()
    details = find_details(donor)
    assert (details.address, details.tax_id) == ("1 ถนนตัวอย่าง ยะลา", "0994000161107")
    gifts = db.session.scalars(select(Payment).where(Payment.donor_id == donor.id)).all()
    pledges = db.session.scalars(select(Pledge).where(Pledge.donor_id == donor.id)).all()
    assert [each.is_anonymous for each in gifts] == [True]
    assert all(each.is_anonymous for each in pledges)
    assert len(pledges) == 2
    # An empty field is filled, and one that is known stays.
    other = [[*rows[0][:5], *blank, "", "2 ถนนอื่น", ""]]
    again = csv_file([[*HEADINGS, *map(str, columns)], *other])
    assert make_plan(read_sheet(again), mapping, MatchMode.COMPLETE).counts["completed"] == 0
    # What a row said before there were such columns still leaves the same mark.
    take_over([ROWS[3]])
    gift = ["A-3", 25_000, "2026-10-07", "GENERAL", "transfer"]
    told = json.dumps([["คนไม่มีที่อยู่", None, "", "", "", []], gift, None])
    (mark,) = keyring().lookups([f"row\x1f{told}\x1f1"], "import_marks.digest")
    assert db.session.get(ImportMark, mark) is not None

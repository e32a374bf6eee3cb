"""Existing lists of children from a spreadsheet: the whole list or nothing, and once."""

import io
import json
from datetime import date, timedelta

import pytest
from sqlalchemy import func, select, text
from sqlalchemy.exc import DBAPIError

from fundapp import clock as app_clock
from fundapp.access.actors import WORKER
from fundapp.audit.checks import run_checks
from fundapp.children.births import Precision
from fundapp.children.imports import operations
from fundapp.children.imports.columns import ChildColumn, ChildMapping, propose_columns
from fundapp.children.imports.errors import ChildImportChangedError
from fundapp.children.imports.models import ChildImport, ChildImportMark
from fundapp.children.imports.plan import plan_children
from fundapp.children.models import Child, ChildStatus, Consent, DuplicateFinding, Guardian
from fundapp.db import db, unit_of_work
from fundapp.spreadsheets.cells import DayOrder
from fundapp.spreadsheets.reading import read_sheet
from tests.factories.children import file_of, make_child, thai_pin, unlike_name
from tests.factories.identity import make_user, sign_in
from tests.factories.spreadsheets import csv_file, xlsx

HEADINGS = [
    "ชื่อ", "นามสกุล", "วันเกิด", "เลขประจำตัวประชาชน", "อำเภอ", "ตำบล", "โรงเรียน", "กลุ่มเป้าหมาย",
    "ผู้ปกครอง", "โทรศัพท์", "ความสัมพันธ์", "วันที่ให้ความยินยอม",
]  # fmt: skip
BORN = date(2017, 3, 4)
TABLES = (Child, Guardian, Consent, DuplicateFinding, ChildImportMark)


def row(number, **changes):
    values = {
        "given": unlike_name(500 + number), "family": "ทดลอง", "birth": "24/6/2559",
        "id": thai_pin(7_000 + number), "district": "รามัน", "subdistrict": "",
        "school": "บ้านตัวอย่าง",
        "group": "นักเรียนยากจน", "guardian": "รอฮานา ทดลอง", "phone": "0812345678",
        "relation": "มารดา", "signed": "1/6/2569", **changes,
    }  # fmt: skip
    return list(values.values())


ROWS = [
    row(1, given="เด็กชาย อาลี", birth="24/6/2559"),
    row(2, birth="2560", id="", relation="ยาย"),
    row(3, birth="มิ.ย. 2561", id="G679500000012", district="อ.รามัน"),
    row(4, id="", guardian="ฮาซัน อื่น", phone=""),
]


def mapping(order=DayOrder.DAY_FIRST):
    return ChildMapping(propose_columns(HEADINGS).headings, order)


def upload(manager, rows=ROWS, columns=None, profile_name=""):
    content = csv_file([HEADINGS, *rows])
    actor = manager.as_actor()
    kept = unit_of_work(operations.keep_list, content, read_sheet(content), actor=actor)
    unit_of_work(
        operations.map_list,
        kept.public_id,
        columns or mapping(),
        profile_name=profile_name,
        actor=actor,
    )
    return kept.public_id


def take_over(manager, rows=ROWS):
    public_id = upload(manager, rows)
    return unit_of_work(operations.commit_list, public_id, actor=manager.as_actor())


def counts():
    db.session.rollback()
    return [db.session.scalar(select(func.count()).select_from(table)) for table in TABLES]


def problems_of(manager, rows, order=DayOrder.DAY_FIRST):
    sheet = read_sheet(rows if isinstance(rows, bytes) else csv_file([HEADINGS, *rows]))
    plan = unit_of_work(plan_children, sheet, mapping(order), actor=manager.as_actor())
    return [(problem.row, problem.column) for problem in plan.problems]


def browser_of(app, user):
    client = app.test_client()
    sign_in(client, user)
    client.set_cookie("lang", "en")
    return client


def test_a_list_comes_in_once_and_the_checks_stay_green(manager):
    plan = take_over(manager)
    assert (plan.counts["new"], plan.counts["waiting"], plan.counts["wrong"]) == (4, 0, 0)
    # Three children of one guardian, who has one telephone number, and one of another.
    assert counts() == [4, 2, 4, 0, 4]
    files = {
        file.given_name: file
        for child in db.session.scalars(select(Child))
        if (file := file_of(child, manager))
    }
    assert files["อาลี"].birth.precision is Precision.DAY
    assert files[unlike_name(502)].birth.precision is Precision.YEAR
    assert files[unlike_name(503)].birth.stored == "2018-06"
    assert files[unlike_name(503)].child.id_kind == "gcode"
    assert files[unlike_name(502)].consents[0].note
    red = [result for result in run_checks() if result.state == "red"]
    assert [result.check.name for result in red] == []
    again = upload(manager)
    page_plan = plan_children(
        read_sheet(csv_file([HEADINGS, *ROWS])), mapping(), actor=manager.as_actor()
    )
    assert (page_plan.counts["known"], page_plan.brings_nothing) == (4, True)
    with pytest.raises(operations.NothingToImportError):
        unit_of_work(operations.commit_list, again, actor=manager.as_actor())
    assert counts() == [4, 2, 4, 0, 4]


@pytest.mark.sqlite
def test_who_may_have_a_file_waits_for_a_supervisor(manager):
    known = make_child(manager, given_name="นูรี", family_name="ทดลองวงศ์", birth_on=BORN)
    rows = [
        row(
            1,
            given="Nuri",
            family="Todlongwong",
            birth="4/3/2560",
            id="",
            guardian="Aminah Invented",
        ),
        row(2, given="สมชาย", family="ใจดี", birth="5/5/2561", id=""),
        row(3, given="Somchai", family="Chaidi", birth="5/5/2561", id=""),
    ]
    plan = take_over(manager, rows)
    assert plan.counts["waiting"] == 2
    db.session.rollback()
    findings = db.session.scalars(select(DuplicateFinding)).all()
    assert known.id in {finding.other_id for finding in findings}
    assert all(finding.child.status is ChildStatus.WAITING for finding in findings)
    assert [result for result in run_checks() if result.state == "red"] == []


def test_one_wrong_row_keeps_everything_out(manager):
    with pytest.raises(operations.RowsWrongError):
        take_over(manager, [*ROWS, row(9, birth="31/2/2560")])
    assert counts() == [0, 0, 0, 0, 0]


WRONG = {
    "given": [row(1, given="")], "digits in a name": [row(1, given="Ali 2")],
    "birth": [row(1, birth="")], "too old": [row(1, birth="1/1/2530")],
    "short year": [row(1, birth="24/6/59")],
    "id_number": [row(1, id="195000700011")], "check digit": [row(1, id="1234567890123")],
    "power": [row(1, id="1.95E+12")], "letters": [row(1, id="AB-12")],
    "twice": [row(1), row(2, id=thai_pin(7_001))],
    "district": [row(1, district="เมืองอื่น")], "not mine": [row(1, district="ยะหา")],
    "subdistrict": [row(1, subdistrict="ไม่มี")], "group": [row(1, group="อะไร")],
    "health": [row(1, group="เด็กพิการ")], "guardian": [row(1, guardian="")],
    "phone": [row(1, phone="812345678")], "relation": [row(1, relation="เพื่อน")],
    "signed": [row(1, signed="")], "later": [row(1, signed="25/11/2569")],
}  # fmt: skip


@pytest.mark.sqlite
def test_each_thing_that_is_wrong_is_told_with_its_row(manager):
    missed = {name: rows for name, rows in WRONG.items() if not problems_of(manager, rows)}
    assert missed == {}


@pytest.mark.sqlite
def test_days_and_numbers_that_can_be_read_in_two_ways_are_asked_about(manager):
    unsaid = problems_of(manager, [row(1, birth="4/6/2559")], DayOrder.UNSAID)
    assert (2, ChildColumn.BIRTH) in unsaid
    assert problems_of(manager, [row(1, birth="4/6/2559", signed="1/6/2569")]) == []
    # A spreadsheet that took a number for one has lost the zero in front of it.
    short = int("0" + thai_pin(7_001)[1:])
    assert problems_of(manager, xlsx([HEADINGS, row(1, id=short)])) == [(2, ChildColumn.ID_NUMBER)]
    assert problems_of(manager, xlsx([HEADINGS, row(1, id=int(thai_pin(7_001)))])) == []


def test_somebody_else_with_the_same_number_is_refused(manager):
    make_child(manager, given_name="ฟารีดา", id_number=thai_pin(7_001))
    assert problems_of(manager, [row(1)]) == [(2, ChildColumn.ID_NUMBER)]


@pytest.mark.sqlite
def test_a_person_takes_a_list_over_on_the_pages(app, manager):
    client = browser_of(app, manager)
    file = {"file": (io.BytesIO(csv_file([HEADINGS, *ROWS])), "list.csv"), "profile": ""}
    answer = client.post("/children/import", data=file)
    assert answer.status_code == 303
    url = answer.location.removesuffix("/columns")
    page = client.get(answer.location).text
    assert "รอฮานา ทดลอง" in page
    chosen = {f"column_{column}": name for column, name in mapping().headings.items()}
    form = {"day_order": "day_first", "district": "", "profile_name": "Raman", **chosen}
    missing = client.post(f"{url}/columns", data=form | {"column_birth": ""})
    assert (missing.status_code, "without it no child" in missing.text) == (422, True)
    assert client.post(f"{url}/columns", data=form).status_code == 303
    page = client.get(url).text
    assert "New files" in page
    version = page.partition('name="version"')[2].partition('value="')[2].partition('"')[0]
    stale = client.post(url, data={"version": "other"})
    assert stale.status_code == 409
    assert client.post(url, data={"version": version}).status_code == 303
    assert "What the file has brought" in client.get(url).text
    assert counts()[0] == 4
    stranger = browser_of(app, make_user("case_manager", ("9506",)))
    assert stranger.get(url).status_code == 404


@pytest.mark.sqlite
def test_wrong_rows_are_downloaded_with_the_reason(app, manager):
    url = f"/children/import/{upload(manager, [row(1, id='195000700011')])}"
    client = browser_of(app, manager)
    page = client.get(url)
    assert "1 row is wrong." in page.text
    assert "An identity number has 13 digits, and this one has 12." in page.text
    answer = client.get(f"{url}/rows.csv")
    assert "this one has 12" in answer.text
    assert client.get(f"{url}/rows.xlsx").data.startswith(b"PK")


@pytest.mark.sqlite
def test_a_command_takes_a_list_over_in_the_name_of_who_kept_the_profile(manager, runner, tmp_path):
    upload(manager, profile_name="Raman")
    path = tmp_path / "list.csv"
    path.write_bytes(csv_file([HEADINGS, *ROWS]))
    command = ["children", "import", str(path), "--profile", "Raman", "--json"]
    dry = json.loads(runner.invoke(args=[*command, "--dry-run"]).output)
    assert (dry["new"], dry["problems"], counts()[0]) == (4, [], 0)
    assert json.loads(runner.invoke(args=command).output)["new"] == 4
    assert json.loads(runner.invoke(args=command).output)["known"] == 4
    assert counts()[0] == 4
    assert db.session.scalars(select(Child.registered_by_id).distinct()).all() == [manager.id]
    path.write_bytes(csv_file([HEADINGS, row(9, birth="")]))
    failed = runner.invoke(args=command)
    assert failed.exit_code == 1
    assert json.loads(failed.output)["problems"][0]["column"] == "birth"
    assert runner.invoke(args=[*command[:4], "Other"]).exit_code == 1


@pytest.mark.sqlite
def test_a_list_that_nobody_takes_over_is_forgotten(manager, clock):
    public_id = upload(manager)
    clock.move_to(app_clock.now() + timedelta(days=1, minutes=1))
    assert unit_of_work(operations.forget_expired_lists, actor=WORKER) == 1
    assert db.session.scalars(select(ChildImport.rows_encrypted)).all() == [None]
    with pytest.raises(operations.ImportOverError):
        unit_of_work(operations.commit_list, public_id, actor=manager.as_actor())


def test_what_changed_since_the_preview_is_not_taken_over(manager):
    public_id = upload(manager)
    with pytest.raises(ChildImportChangedError):
        unit_of_work(operations.commit_list, public_id, version="x", actor=manager.as_actor())


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE child_imports SET committed_at = NULL",
        "UPDATE child_imports SET counts = '{}'",
        "DELETE FROM child_import_marks",
        "UPDATE child_import_marks SET import_id = import_id",
    ],
)
def test_the_database_keeps_what_was_taken_over(manager, statement):
    take_over(manager)
    with pytest.raises(DBAPIError):
        unit_of_work(db.session.execute, text(statement))

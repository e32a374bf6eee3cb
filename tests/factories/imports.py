"""Spreadsheets of donors that wait to be taken over, made by the operations of the pages."""

from collections.abc import Sequence

from fundapp.access.actors import Actor
from fundapp.db import unit_of_work
from fundapp.giving.imports import operations
from fundapp.giving.imports.columns import Column, ColumnMapping
from fundapp.giving.models import MatchMode, Method
from fundapp.spreadsheets.cells import DayOrder
from fundapp.spreadsheets.reading import read_sheet
from tests.factories.actors import OFFICER
from tests.factories.spreadsheets import csv_file

HEADINGS = [
    "ชื่อ", "ประเภท", "อีเมล", "โทรศัพท์", "กลุ่ม",
    "เลขที่ใบเสร็จ", "จำนวนเงิน", "วันที่", "ความจำนงบริจาค", "วันที่เริ่ม", "จำนวนงวด", "ความถี่",
]  # fmt: skip
#: What the headings hold.
COLUMNS = [
    Column.NAME, Column.KIND, Column.EMAIL, Column.PHONE, Column.TAGS,
    Column.GIFT_NUMBER, Column.GIFT_AMOUNT, Column.GIFT_DAY,
    Column.PLEDGE_AMOUNT, Column.PLEDGE_STARTS, Column.PLEDGE_COUNT, Column.PLEDGE_FREQUENCY,
]  # fmt: skip
MAPPING = ColumnMapping(
    dict(zip(COLUMNS, HEADINGS, strict=True)), DayOrder.DAY_FIRST, "GENERAL", Method.TRANSFER
)
ROWS = [
    ["นางสาวอามีนะห์ ทดลองคู่", "บุคคล", "Aminah@example.org", "081-234-5678", "ศิษย์เก่า",
     "A-1", "1,000.50", "5/10/2569", "", "", "", ""],
    ["อามีนะห์ ทดลองคู่", "", "aminah@example.org", "", "", "A-2", "๑๐๐", "2026-10-06", "", "", "", ""],
    ["มัสยิดตัวอย่าง", "มัสยิด", "", "073211111", "", "", "", "", "1,200", "1/12/2569", "12", "รายเดือน"],
    ["คนไม่มีที่อยู่", "", "", "", "", "A-3", "250", "7 ต.ค. 2569", "", "", "", ""],
    ["", "", "", "", "", "A-4", "20", "8/10/2569", "", "", "", ""],
]  # fmt: skip


def make_upload(rows: Sequence[Sequence[str]] = ROWS, *, actor: Actor = OFFICER) -> str:
    """A spreadsheet with these rows that was read; its public id."""
    content = csv_file([HEADINGS, *rows])
    return unit_of_work(operations.keep_upload, content, read_sheet(content), actor=actor).public_id


def make_import(
    rows: Sequence[Sequence[str]] = ROWS,
    *,
    mapping: ColumnMapping = MAPPING,
    mode: MatchMode = MatchMode.BOTH,
    actor: Actor = OFFICER,
) -> str:
    """The same with its columns mapped."""
    public_id = make_upload(rows, actor=actor)
    unit_of_work(operations.map_columns, public_id, mapping, mode=mode, actor=actor)
    return public_id

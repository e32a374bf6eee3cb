"""Reference data every installation needs: the chart of accounts, the calendar of the books, Yala's
places.

Accounts follow the usual five roots; the calendar has every month of the fiscal years B.E.
2560–2600 (1 October – 30 September), all open.
"""

import csv
from datetime import date, timedelta
from pathlib import Path

import sqlalchemy as sa
from alembic import op

from fundapp.db import Day

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None

_PLACES = Path(__file__).resolve().parents[2] / "fundapp" / "places" / "data"
_FISCAL_YEARS = range(2560, 2601)

ACCOUNTS = (
    ("1110", "asset", "เงินสดในมือ", "Cash on hand", "Tunai di tangan"),
    ("1121", "asset", "เงินฝากธนาคาร บัญชีหลัก", "Bank, main account", "Bank, akaun utama"),
    ("1122", "asset", "เงินฝากธนาคาร บัญชีซะกาต", "Bank, zakat account", "Bank, akaun zakat"),
    (
        "1130",
        "asset",
        "เงินรอรับจากผู้ให้บริการบัตร",
        "Card processor clearing",
        "Akaun penjelasan pemproses kad",
    ),
    ("2110", "liability", "เงินช่วยเหลือค้างจ่าย", "Assistance payable", "Bantuan belum bayar"),
    (
        "2120",
        "liability",
        "เงินรับไม่ทราบที่มา",
        "Unidentified receipts",
        "Terimaan tidak dikenal pasti",
    ),
    ("2130", "liability", "เงินรอคืนผู้บริจาค", "Refunds payable", "Bayaran balik belum bayar"),
    (
        "3110",
        "net_assets",
        "เงินกองทุนยกมา",
        "Net assets brought forward",
        "Aset bersih dibawa ke hadapan",
    ),
    ("4110", "income", "เงินบริจาคจากบุคคล", "Donations from individuals", "Derma daripada individu"),
    (
        "4120",
        "income",
        "เงินบริจาคจากองค์กร",
        "Donations from organisations",
        "Derma daripada organisasi",
    ),
    ("4130", "income", "ซะกาตรับ", "Zakat received", "Zakat diterima"),
    ("4210", "income", "ดอกเบี้ยเงินฝากธนาคาร", "Bank interest", "Faedah bank"),
    ("5110", "expense", "ช่วยเหลือค่าครองชีพ", "Assistance: living costs", "Bantuan: kos sara hidup"),
    ("5120", "expense", "ช่วยเหลือด้านการศึกษา", "Assistance: education", "Bantuan: pendidikan"),
    ("5130", "expense", "ช่วยเหลือค่าเดินทาง", "Assistance: travel", "Bantuan: perjalanan"),
    ("5140", "expense", "ช่วยเหลือด้านสุขภาพ", "Assistance: health", "Bantuan: kesihatan"),
    ("5150", "expense", "ช่วยเหลือค่าอาหาร", "Assistance: food", "Bantuan: makanan"),
    ("5210", "expense", "ค่าธรรมเนียมธนาคาร", "Bank fees", "Caj bank"),
)


def upgrade() -> None:
    """Fill in the reference data."""
    _insert("accounts", ("code", "type", "name_th", "name_en", "name_ms"), ACCOUNTS)
    periods = sa.table(
        "periods",
        sa.column("starts_on", Day()),
        sa.column("ends_on", Day()),
        sa.column("fiscal_year", sa.Integer()),
        sa.column("status", sa.Text()),
    )
    op.bulk_insert(periods, [_period(year, n) for year in _FISCAL_YEARS for n in range(12)])
    _insert(
        "provinces", ("code", "name_th", "name_en", "name_ms"), [("95", "ยะลา", "Yala", "Yala")]
    )
    _insert_places("districts", "yala_districts.csv")
    _insert_places("subdistricts", "yala_subdistricts.csv")


def downgrade() -> None:
    """Remove it again; refused by foreign keys where it is in use."""
    for table in ("subdistricts", "districts", "provinces", "periods", "accounts"):
        op.execute(f"DELETE FROM {table}")


def _period(fiscal_year: int, months: int) -> dict[str, object]:
    """Month ``months`` (0 is October) of a fiscal year."""
    year, month = fiscal_year - 544 + (months + 9) // 12, (months + 9) % 12 + 1
    starts_on = date(year, month, 1)
    following = (starts_on + timedelta(days=31)).replace(day=1)
    return {
        "starts_on": starts_on,
        "ends_on": following - timedelta(days=1),
        "fiscal_year": fiscal_year,
        "status": "open",
    }


def _insert(table: str, names: tuple[str, ...], rows: object) -> None:
    target = sa.table(table, *(sa.column(name, sa.Text()) for name in names))
    op.bulk_insert(target, [dict(zip(names, row, strict=True)) for row in rows])


def _insert_places(table: str, file_name: str) -> None:
    """Districts or subdistricts from the lists that ship with the program."""
    with (_PLACES / file_name).open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    if table == "districts":
        names = ("code", "province_code", "name_th", "name_en", "name_ms")
        _insert(
            table,
            names,
            [
                (
                    r["district_code"],
                    r["district_code"][:2],
                    r["name_th"],
                    r["name_en"],
                    r["name_ms"],
                )
                for r in rows
            ],
        )
    else:
        names = ("code", "district_code", "name_th", "name_en", "postal_code")
        _insert(
            table,
            names,
            [
                (
                    r["subdistrict_code"],
                    r["subdistrict_code"][:4],
                    r["name_th"],
                    r["name_en"],
                    r["postal_code"],
                )
                for r in rows
            ],
        )

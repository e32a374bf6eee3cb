"""What the columns of a spreadsheet may hold, and which heading says which (pure)."""

from collections.abc import Mapping as AnyMapping
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from fundapp.giving.models import Method
from fundapp.labels import LabelledEnum
from fundapp.markers import N_
from fundapp.spreadsheets.cells import DayOrder
from fundapp.spreadsheets.headings import usual_headings


class Column(LabelledEnum):
    """What a column holds."""

    NAME = "name", N_("Name")
    KIND = "kind", N_("Kind of donor")
    DONOR_NUMBER = "donor_number", N_("Number of the donor in your books")
    EMAIL = "email", N_("E-mail address")
    PHONE = "phone", N_("Phone")
    TAGS = "tags", N_("Tags")
    ADDRESS = "address", N_("Address on receipts")
    TAX_ID = "tax_id", N_("Tax number on receipts")
    FUND = "fund", N_("Fund")
    METHOD = "method", N_("How it was paid")
    ANONYMOUS = "anonymous", N_("Show no name (yes or no)")
    GIFT_NUMBER = "gift_number", N_("Number of the past gift")
    GIFT_AMOUNT = "gift_amount", N_("Amount of the past gift")
    GIFT_DAY = "gift_day", N_("Day of the past gift")
    PLEDGE_AMOUNT = "pledge_amount", N_("Amount of the pledge (each time, if open-ended)")
    PLEDGE_FREQUENCY = "pledge_frequency", N_("How often the pledge is paid")
    PLEDGE_COUNT = "pledge_count", N_("Number of instalments")
    PLEDGE_STARTS = "pledge_starts", N_("First day of the pledge")


#: The columns of each group, in the order of the form.
GROUPS: tuple[tuple[str, tuple[Column, ...]], ...] = (
    (
        N_("Donor"),
        (
            Column.NAME,
            Column.KIND,
            Column.DONOR_NUMBER,
            Column.EMAIL,
            Column.PHONE,
            Column.TAGS,
            Column.ADDRESS,
            Column.TAX_ID,
        ),
    ),
    (N_("Past gift"), (Column.GIFT_NUMBER, Column.GIFT_AMOUNT, Column.GIFT_DAY)),
    (
        N_("Pledge"),
        (
            Column.PLEDGE_AMOUNT,
            Column.PLEDGE_FREQUENCY,
            Column.PLEDGE_COUNT,
            Column.PLEDGE_STARTS,
        ),
    ),
    (N_("Gifts and pledges"), (Column.FUND, Column.METHOD, Column.ANONYMOUS)),
)
#: Without one of them the others of its group say nothing.
NEEDED = {
    Column.GIFT_AMOUNT: (Column.GIFT_NUMBER, Column.GIFT_DAY),
    Column.PLEDGE_AMOUNT: (Column.PLEDGE_STARTS,),
}
#: Headings by which a column is proposed; a person looks at it before anything is read.
_USUAL = {
    Column.NAME: ("name", "donor", "ชื่อ", "ชื่อ-สกุล", "ชื่อ-นามสกุล", "ชื่อผู้บริจาค", "ผู้บริจาค", "nama"),
    Column.KIND: ("kind", "type", "ประเภท", "ประเภทผู้บริจาค", "jenis"),
    Column.DONOR_NUMBER: ("donor no", "donor number", "รหัสผู้บริจาค", "เลขที่ผู้บริจาค"),
    Column.EMAIL: ("email", "e-mail", "อีเมล", "อีเมล์", "emel"),
    Column.PHONE: ("phone", "mobile", "tel", "โทรศัพท์", "เบอร์โทร", "เบอร์โทรศัพท์", "telefon"),
    Column.TAGS: ("tags", "กลุ่ม", "ป้ายกำกับ"),
    Column.ADDRESS: ("address", "ที่อยู่", "ที่อยู่ผู้บริจาค", "alamat"),
    Column.TAX_ID: (
        "tax id",
        "tax number",
        "id number",
        "เลขประจำตัวผู้เสียภาษี",
        "เลขประจำตัวประชาชน",
        "เลขผู้เสียภาษี",
        "nombor cukai",
    ),
    Column.FUND: ("fund", "กองทุน", "tabung"),
    Column.METHOD: ("method", "วิธีชำระ", "ช่องทาง"),
    Column.ANONYMOUS: ("anonymous", "ไม่ประสงค์ออกนาม", "ไม่ออกนาม", "tanpa nama"),
    Column.GIFT_NUMBER: ("receipt", "receipt no", "เลขที่ใบเสร็จ", "เลขที่"),
    Column.GIFT_AMOUNT: ("amount", "จำนวนเงิน", "จำนวน", "jumlah"),
    Column.GIFT_DAY: ("date", "day", "วันที่", "วันที่บริจาค", "tarikh"),
    Column.PLEDGE_AMOUNT: ("pledge", "pledged", "ยอดความจำนง", "ความจำนงบริจาค"),
    Column.PLEDGE_FREQUENCY: ("frequency", "ความถี่"),
    Column.PLEDGE_COUNT: ("instalments", "จำนวนงวด"),
    Column.PLEDGE_STARTS: ("starts", "วันที่เริ่ม", "งวดแรก"),
}


@dataclass(frozen=True, slots=True)
class ColumnMapping:
    """The heading of each column that is used, and what holds for all rows."""

    headings: AnyMapping[Column, str] = field(default_factory=dict)
    day_order: DayOrder = DayOrder.UNSAID
    fund_code: str = ""
    method: Method | None = None

    @classmethod
    def parse(cls, stored: AnyMapping[str, Any]) -> "ColumnMapping":
        """The mapping that `as_json` wrote; the empty one of an empty dictionary."""
        return cls(
            {Column(name): heading for name, heading in stored.get("headings", {}).items()},
            DayOrder(stored.get("day_order", DayOrder.UNSAID)),
            stored.get("fund_code", ""),
            Method(stored["method"]) if stored.get("method") else None,
        )

    def as_json(self) -> dict[str, object]:
        """What `parse` reads."""
        return {
            "headings": {str(column): heading for column, heading in self.headings.items()},
            "day_order": str(self.day_order),
            "fund_code": self.fund_code,
            "method": str(self.method or ""),
        }

    def missing(self) -> Column | None:
        """The first column that has to be chosen as well."""
        if Column.NAME not in self.headings:
            return Column.NAME
        for column, others in NEEDED.items():
            if column in self.headings:
                for other in others:
                    if other not in self.headings:
                        return other
        return None


def propose(headings: Sequence[str]) -> ColumnMapping:
    """What the columns seem to hold, by usual headings; none is proposed twice."""
    return ColumnMapping(usual_headings(headings, _USUAL))

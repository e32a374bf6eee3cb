"""What the columns of a list of children may hold, and which heading says which (pure)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from fundapp.labels import LabelledEnum
from fundapp.markers import N_
from fundapp.spreadsheets.cells import DayOrder
from fundapp.spreadsheets.headings import usual_headings


class ChildColumn(LabelledEnum):
    """What a column holds."""

    GIVEN_NAME = "given_name", N_("Given name")
    FAMILY_NAME = "family_name", N_("Family name")
    BIRTH = "birth", N_("Birth date")
    ID_NUMBER = "id_number", N_("Identity number or G-code")
    DISTRICT = "district", N_("District")
    SUBDISTRICT = "subdistrict", N_("Subdistrict")
    SCHOOL = "school", N_("School")
    GROUP = "group", N_("Target group")
    GUARDIAN = "guardian", N_("Guardian's name")
    GUARDIAN_PHONE = "guardian_phone", N_("Telephone of the guardian")
    RELATION = "relation", N_("Relation of the guardian to the child")
    CONSENT_DAY = "consent_day", N_("Day on which the consent was signed")
    CONSENT_SENSITIVE = "consent_sensitive", N_("Consent to facts on health or religion (yes, no)")


#: The columns of each group, in the order of the form.
COLUMN_GROUPS: tuple[tuple[str, tuple[ChildColumn, ...]], ...] = (
    (
        N_("The child"),
        (
            ChildColumn.GIVEN_NAME,
            ChildColumn.FAMILY_NAME,
            ChildColumn.BIRTH,
            ChildColumn.ID_NUMBER,
        ),
    ),
    (
        N_("Guardian"),
        (ChildColumn.GUARDIAN, ChildColumn.GUARDIAN_PHONE, ChildColumn.RELATION),
    ),
    (
        N_("Place, school and group"),
        (ChildColumn.DISTRICT, ChildColumn.SUBDISTRICT, ChildColumn.SCHOOL, ChildColumn.GROUP),
    ),
    (N_("Consent"), (ChildColumn.CONSENT_DAY, ChildColumn.CONSENT_SENSITIVE)),
)
#: Without these nobody can be registered.
ALWAYS_NEEDED = (
    ChildColumn.GIVEN_NAME,
    ChildColumn.BIRTH,
    ChildColumn.GUARDIAN,
    ChildColumn.RELATION,
    ChildColumn.GROUP,
    ChildColumn.CONSENT_DAY,
)
_USUAL = {
    ChildColumn.GIVEN_NAME: ("given name", "first name", "ชื่อ", "ชื่อเด็ก", "nama"),
    ChildColumn.FAMILY_NAME: ("family name", "last name", "surname", "นามสกุล", "สกุล"),
    ChildColumn.BIRTH: ("birth date", "born", "วันเกิด", "วันเดือนปีเกิด", "ว/ด/ป เกิด", "tarikh lahir"),
    ChildColumn.ID_NUMBER: (
        "id",
        "id number",
        "เลขประจำตัวประชาชน",
        "เลขบัตรประชาชน",
        "เลขประจำตัว",
        "no. pengenalan",
    ),
    ChildColumn.DISTRICT: ("district", "อำเภอ", "daerah"),
    ChildColumn.SUBDISTRICT: ("subdistrict", "ตำบล", "mukim"),
    ChildColumn.SCHOOL: ("school", "โรงเรียน", "สถานศึกษา", "sekolah"),
    ChildColumn.GROUP: ("target group", "group", "กลุ่มเป้าหมาย", "กลุ่ม", "kumpulan sasaran"),
    ChildColumn.GUARDIAN: ("guardian", "ผู้ปกครอง", "ชื่อผู้ปกครอง", "penjaga"),
    ChildColumn.GUARDIAN_PHONE: ("phone", "telephone", "โทรศัพท์", "เบอร์โทร", "telefon"),
    ChildColumn.RELATION: ("relation", "ความสัมพันธ์", "เกี่ยวข้องเป็น", "hubungan"),
    ChildColumn.CONSENT_DAY: ("consent", "signed on", "วันที่ให้ความยินยอม", "วันที่ยินยอม"),
    ChildColumn.CONSENT_SENSITIVE: ("sensitive consent", "ยินยอมข้อมูลอ่อนไหว"),
}


@dataclass(frozen=True, slots=True)
class ChildMapping:
    """The heading of each column that is used, and what holds for all rows."""

    headings: Mapping[ChildColumn, str] = field(default_factory=dict)
    day_order: DayOrder = DayOrder.UNSAID
    district_code: str = ""

    @classmethod
    def parse(cls, stored: Mapping[str, Any]) -> "ChildMapping":
        """The mapping that `as_json` wrote; the empty one of an empty dictionary."""
        return cls(
            {ChildColumn(name): heading for name, heading in stored.get("headings", {}).items()},
            DayOrder(stored.get("day_order", DayOrder.UNSAID)),
            stored.get("district_code", ""),
        )

    def as_json(self) -> dict[str, object]:
        """What `parse` reads."""
        return {
            "headings": {str(column): heading for column, heading in self.headings.items()},
            "day_order": str(self.day_order),
            "district_code": self.district_code,
        }

    def missing(self) -> ChildColumn | None:
        """The first column that has to be chosen as well."""
        for column in ALWAYS_NEEDED:
            if column not in self.headings:
                return column
        if not self.district_code and ChildColumn.DISTRICT not in self.headings:
            return ChildColumn.DISTRICT
        return None


def propose_columns(headings: Sequence[str]) -> ChildMapping:
    """What the columns seem to hold, by usual headings."""
    return ChildMapping(usual_headings(headings, _USUAL))

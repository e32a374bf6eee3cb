"""The rows of a list as children; what is wrong with each (pure)."""

import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import date

from fundapp.children.births import Birth, birth_of, parse_birth
from fundapp.children.drafts import ChildFacts
from fundapp.children.imports.columns import ChildColumn, ChildMapping
from fundapp.children.models import PARENTAL, Relation, TargetGroup
from fundapp.children.policy import SENSITIVE_GROUPS, is_of_age_for_fund
from fundapp.markers import N_
from fundapp.spreadsheets.cells import Cell, CellKind, code_of, is_blank, text_of
from fundapp.spreadsheets.reading import Row, Sheet
from fundapp.spreadsheets.rows import CellReader, word_of
from fundapp.thai.folding import bare_number, fold_signs, fold_text
from fundapp.thai.identity_numbers import IdKind, check_id
from fundapp.thai.names import has_letter, split_title
from fundapp.thai.phone_numbers import normalise_phone

_GROUPS = {
    TargetGroup.EARLY_CHILDHOOD: "เด็กปฐมวัย ปฐมวัย earlychildhood",
    TargetGroup.OUT_OF_SCHOOL: "นอกระบบ เด็กนอกระบบ outofschool",
    TargetGroup.AT_RISK: "เสี่ยงหลุด เสี่ยงหลุดจากระบบ กลุ่มเสี่ยง atrisk",
    TargetGroup.TEEN_MOTHER: "แม่วัยใส แม่วัยรุ่น teenmother",
    TargetGroup.POOR_STUDENT: "ยากจน นักเรียนยากจน เด็กยากจน poorstudent",
    TargetGroup.DISABILITY: "พิการ เด็กพิการ disability",
}
_RELATIONS = {
    Relation.MOTHER: "มารดา แม่ mother ibu",
    Relation.FATHER: "บิดา พ่อ father bapa ayah",
    Relation.LEGAL_GUARDIAN: "ผู้ปกครองตามกฎหมาย legalguardian",
    Relation.GRANDPARENT: "ปู่ ย่า ตา ยาย ปู่ย่า ตายาย grandparent datuk nenek",
    Relation.RELATIVE: "ญาติ ลุง ป้า น้า อา relative",
    Relation.OTHER: "อื่นๆ อื่น other",
}
_YES_NO = {True: "yes ใช่ ยินยอม ได้ ya 1", False: "no ไม่ ไม่ใช่ ไม่ยินยอม tidak 0"}
#: A cell that holds a number has lost no zero when it has all 13 digits.
_THIRTEEN = frozenset({13})
_ANY_LENGTH = frozenset({0})
_LONGEST_NAME, _LONGEST_SCHOOL = 100, 150

_UNREADABLE = N_("Write the name in letters, as it is on the paper.")
_TOO_LONG = N_("The text is too long.")
_NO_PHONE = N_("This is no telephone number. Write all its digits, with the zero in front.")
_DIGITS_LOST = N_(
    "An identity number has 13 digits, and this one has %(count)s. Copy it from the card; nothing "
    "is filled up."
)
_NO_KIND = N_(
    "This is neither 13 digits nor a G-code. Leave it empty, or register the child by hand."
)
_WRONG_AGE = N_("The fund keeps files of people from birth to 25 years. Check the birth date.")
_NO_DISTRICT = N_("There is no district of this name or code.")
_NOT_YOURS = N_("This district is not one of yours.")
_NO_SUBDISTRICT = N_("There is no subdistrict of this name or code in the district.")
_SIGNED_LATER = N_("A consent is signed today or earlier.")
_NEEDS_SENSITIVE = N_("This group says something of the child's health: it needs that consent too.")
#: A month and a year, without a day.
_MONTH = re.compile(r"[0-9]{1,2}[/-][0-9]{4}|[0-9]{4}-[0-9]{1,2}")
#: Why somebody without parental power signed, where the list does not say it.
NO_PARENT = "ตามบัญชีรายชื่อเดิม"


@dataclass(frozen=True, slots=True)
class ListedChild:
    """A row that could be read."""

    number: int
    facts: ChildFacts = field(repr=False)
    district_code: str
    guardian_name: str = field(repr=False)
    guardian_phone: str = field(repr=False)
    relation: Relation
    signed_on: date
    is_sensitive: bool

    @property
    def needs_note(self) -> bool:
        """Whether the guardian signs without parental power."""
        return self.relation not in PARENTAL


@dataclass(frozen=True, slots=True)
class Places:
    """Codes of districts, and of subdistricts by district, by folded names and codes; in which
    districts the actor registers.
    """

    districts: Mapping[str, str]
    subdistricts: Mapping[tuple[str, str], str]
    own: Collection[str]


class ChildRowReader(CellReader[ChildColumn]):
    """Reads the rows of one list; what is wrong is gathered in ``problems``."""

    def __init__(self, sheet: Sheet, mapping: ChildMapping, places: Places, today: date) -> None:
        days = (ChildColumn.BIRTH, ChildColumn.CONSENT_DAY)
        super().__init__(sheet, mapping.headings, days, mapping.day_order)
        self._mapping, self._known, self._today = mapping, places, today

    def read(self, row: Row) -> ListedChild | None:
        """One row; None when something is wrong with it."""
        before = len(self.problems)
        district = self._district(row)
        facts = self._facts(row, district)
        guardian = self.needed(row, ChildColumn.GUARDIAN, _person)
        phone = self.value(row, ChildColumn.GUARDIAN_PHONE, _phone)
        relation = self.needed(row, ChildColumn.RELATION, lambda cell: word_of(cell, _RELATIONS))
        signed_on = self.day(row, ChildColumn.CONSENT_DAY)
        if signed_on is not None and signed_on > self._today:
            self.say(row, ChildColumn.CONSENT_DAY, _SIGNED_LATER)
        sensitive = self.value(
            row, ChildColumn.CONSENT_SENSITIVE, lambda cell: word_of(cell, _YES_NO)
        )
        if facts is not None and facts.target_group in SENSITIVE_GROUPS and not sensitive:
            self.say(row, ChildColumn.CONSENT_SENSITIVE, _NEEDS_SENSITIVE)
        if len(self.problems) > before:
            return None
        if facts is None or guardian is None or relation is None or signed_on is None:
            return None
        return ListedChild(
            row.number,
            facts,
            district,
            guardian,
            phone or "",
            Relation(relation),
            signed_on,
            bool(sensitive),
        )

    def _facts(self, row: Row, district: str) -> ChildFacts | None:
        given = self.needed(row, ChildColumn.GIVEN_NAME, _person)
        family = self.value(row, ChildColumn.FAMILY_NAME, _person)
        birth = self.needed(row, ChildColumn.BIRTH, self._birth)
        if birth is not None and not is_of_age_for_fund(birth, self._today):
            self.say(row, ChildColumn.BIRTH, _WRONG_AGE)
        kind, number = self._number(row)
        subdistrict = self._subdistrict(row, district)
        school = self.value(row, ChildColumn.SCHOOL, lambda cell: _short(cell, _LONGEST_SCHOOL))
        group = self.needed(row, ChildColumn.GROUP, lambda cell: word_of(cell, _GROUPS))
        if given is None or birth is None or group is None:
            return None
        return ChildFacts(
            given_name=given,
            family_name=family or "",
            birth_on=birth.on,
            birth_precision=birth.precision,
            id_kind=kind,
            id_number=number,
            subdistrict_code=subdistrict,
            school_name=school or "",
            target_group=group,
        )

    def _birth(self, cell: Cell) -> Birth:
        """A day, or a month or a year alone, which is then an estimate."""
        plain = fold_signs(cell.text)
        if cell.kind is CellKind.NUMBER and re.fullmatch(r"[0-9]{4}", plain):
            return birth_of(parse_birth(plain).on.year)
        is_short = cell.kind is CellKind.TEXT and len(re.findall("[0-9]+", plain)) < 2
        if is_short or _MONTH.fullmatch(plain):
            return parse_birth(cell.text)
        return Birth(self.day_in(cell, ChildColumn.BIRTH))

    def _number(self, row: Row) -> tuple[IdKind, str]:
        """The kind is seen from the number; what lost digits is refused."""
        cell = self.cell(row, ChildColumn.ID_NUMBER)
        if is_blank(cell):
            return IdKind.NONE, ""
        number = self.value(
            row, ChildColumn.ID_NUMBER, lambda each: bare_number(code_of(each, lengths=_THIRTEEN))
        )
        if number is None:
            return IdKind.NONE, ""
        if number.isascii() and number.isdigit() and len(number) != 13:
            self.say(row, ChildColumn.ID_NUMBER, _DIGITS_LOST, count=len(number))
            return IdKind.NONE, ""
        kind = _kind_of(number)
        if kind is None:
            self.say(row, ChildColumn.ID_NUMBER, _NO_KIND)
            return IdKind.NONE, ""
        try:
            return kind, check_id(kind, number)
        except ValueError as error:
            self.say(row, ChildColumn.ID_NUMBER, str(error))
            return IdKind.NONE, ""

    def _district(self, row: Row) -> str:
        if is_blank(self.cell(row, ChildColumn.DISTRICT)):
            code = self._mapping.district_code
        else:
            name = self.value(row, ChildColumn.DISTRICT, text_of) or ""
            code = self._known.districts.get(folded_place(name), "")
        if not code:
            self.say(row, ChildColumn.DISTRICT, _NO_DISTRICT)
        elif code not in self._known.own:
            self.say(row, ChildColumn.DISTRICT, _NOT_YOURS)
        return code

    def _subdistrict(self, row: Row, district: str) -> str | None:
        name = self.value(row, ChildColumn.SUBDISTRICT, text_of)
        if name is None or not district:
            return None
        code = self._known.subdistricts.get((district, folded_place(name)))
        if code is None:
            self.say(row, ChildColumn.SUBDISTRICT, _NO_SUBDISTRICT)
        return code


def folded_place(name: str) -> str:
    """The name of a district or subdistrict as it is compared."""
    folded = fold_text(name).replace(" ", "")
    for word in ("อำเภอ", "ตำบล", "อ.", "ต."):
        folded = folded.removeprefix(word)
    return folded


def _kind_of(number: str) -> IdKind | None:
    if number.isascii() and number.isdigit():
        return IdKind.NO_NATIONALITY if number.startswith("0") else IdKind.THAI_PIN
    return IdKind.GCODE if number.startswith("G") else None


def _person(cell: Cell) -> str:
    """A name without its title; lists write "ด.ช." before it."""
    name = _short(cell, _LONGEST_NAME)
    if not has_letter(name):
        raise ValueError(_UNREADABLE)
    if any(map(str.isdigit, name)):
        raise ValueError(_UNREADABLE)
    title = split_title(name)[0]
    return _without(title, name) if title else name


def _without(title: str, name: str) -> str:
    """What is behind the title, as it was typed."""
    for at in range(len(name)):
        if fold_text(name[:at]).strip() == title:
            return name[at:].strip()
    return name


def _phone(cell: Cell) -> str:
    number = normalise_phone(code_of(cell, lengths=_ANY_LENGTH))
    digits = number.removeprefix("+")
    is_whole = number.startswith("+") or (number.startswith("0") and len(number) in {9, 10})
    if not (digits.isascii() and digits.isdigit() and is_whole and 8 <= len(digits) <= 15):
        raise ValueError(_NO_PHONE)
    return number


def _short(cell: Cell, longest: int) -> str:
    text = text_of(cell)
    if len(text) > longest:
        raise ValueError(_TOO_LONG)
    return text

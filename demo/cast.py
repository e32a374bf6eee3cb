"""The people who sign in to the demo: one for each role, and more where it takes several."""

from collections.abc import Iterable
from dataclasses import dataclass

from demo.names import THE_DONOR
from fundapp.access.actors import COMMAND_LINE, Actor
from fundapp.access.permissions import Role
from fundapp.identity import passwords
from fundapp.identity.models import User
from fundapp.identity.operations import create_user


@dataclass(frozen=True, slots=True)
class Part:
    """Somebody to be; ``districts`` bind a case manager."""

    key: str
    name: str
    role: Role
    districts: tuple[str, ...] = ()

    @property
    def email(self) -> str:
        """What to sign in with: an address that no mail can reach."""
        return f"{self.key}@example.org"


PARTS = (
    Part("officer", "มาลี ธารใบบัว", Role.FUND_OFFICER),
    Part("officer2", "ฟาเดล กูบูปาเซ", Role.FUND_OFFICER),
    Part("approver", "อาหามะ ดารายามิน", Role.APPROVER),
    Part("approver2", "ศิริพร คีรีสายชล", Role.APPROVER),
    Part("case-yala", "นูรียะห์ สากอบูงา", Role.CASE_MANAGER, ("9501", "9508")),
    Part("case-betong", "วีระ ทิวาหมอกทอง", Role.CASE_MANAGER, ("9502", "9504")),
    Part("case-raman", "ซาลมา ลาเต๊ะมูดอ", Role.CASE_MANAGER, ("9506", "9503")),
    Part("case-yaha", "รุสลัน บือแนลาบู", Role.CASE_MANAGER, ("9505", "9507")),
    Part("auditor", "พิชัย วารินแสงคำ", Role.AUDITOR),
    Part("admin", "จันทร์เพ็ญ ดอนรุ่งทอง", Role.ADMINISTRATOR),
    Part("donor", THE_DONOR[0], Role.DONOR),
)


@dataclass(frozen=True, slots=True)
class SignIn:
    """What to type at sign-in."""

    email: str
    name: str
    role: str
    districts: tuple[str, ...]
    password: str


@dataclass(frozen=True, slots=True)
class Cast:
    """The people of the story, by the key of their part."""

    users: dict[str, User]

    def officer(self, number: int) -> Actor:
        """One of the two fund officers."""
        return self.users["officer2" if number % 3 == 0 else "officer"].as_actor()

    def approver(self, number: int) -> Actor:
        """One of the two approvers."""
        return self.users["approver2" if number % 2 else "approver"].as_actor()

    def manager(self, district: str) -> Actor:
        """The case manager of a district."""
        key = next(part.key for part in PARTS if district in part.districts)
        return self.users[key].as_actor()


def make_sign_ins() -> list[SignIn]:
    """A password for each part, made now and never written into the program."""
    return [
        SignIn(part.email, part.name, part.role.value, part.districts, passwords.make_password())
        for part in PARTS
    ]


def enrol(sign_ins: Iterable[SignIn]) -> Cast:
    """Let the people sign in, part of the caller's unit of work."""
    given = {one.email: one.password for one in sign_ins}
    return Cast(
        {
            part.key: create_user(
                part.email,
                name=part.name,
                password=given[part.email],
                roles=[part.role],
                districts=part.districts,
                actor=COMMAND_LINE,
            )
            for part in PARTS
        }
    )

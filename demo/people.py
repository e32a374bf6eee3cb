"""The users one can sign in as: one for each role, and more where a step needs two people."""

from collections.abc import Iterable
from dataclasses import dataclass

from demo.names import SIGNED_IN_DONOR_NAME
from fundapp.access.actors import COMMAND_LINE, Actor
from fundapp.access.permissions import Role
from fundapp.identity import passwords
from fundapp.identity.models import User
from fundapp.identity.operations import create_user


@dataclass(frozen=True, slots=True)
class DemoUser:
    """A user to sign in as; a case manager or supervisor works in ``districts``."""

    key: str
    name: str
    role: Role
    districts: tuple[str, ...] = ()

    @property
    def email(self) -> str:
        """What to sign in with: an address that no mail can reach."""
        return f"{self.key}@example.org"


DEMO_USERS = (
    DemoUser("officer", "มาลี ธารใบบัว", Role.FUND_OFFICER),
    DemoUser("officer2", "ฟาเดล กูบูปาเซ", Role.FUND_OFFICER),
    DemoUser("approver", "อาหามะ ดารายามิน", Role.APPROVER),
    DemoUser("approver2", "ศิริพร คีรีสายชล", Role.APPROVER),
    DemoUser("case-yala", "นูรียะห์ สากอบูงา", Role.CASE_MANAGER, ("9501", "9508")),
    DemoUser("case-betong", "วีระ ทิวาหมอกทอง", Role.CASE_MANAGER, ("9502", "9504")),
    DemoUser("case-raman", "ซาลมา ลาเต๊ะมูดอ", Role.CASE_MANAGER, ("9506", "9503")),
    DemoUser("case-yaha", "รุสลัน บือแนลาบู", Role.CASE_MANAGER, ("9505", "9507")),
    DemoUser(
        "supervisor",
        "ฟาตีเมาะ ลำธารทอง",
        Role.SUPERVISOR,
        ("9501", "9502", "9503", "9504", "9505", "9506", "9507", "9508"),
    ),
    DemoUser("auditor", "พิชัย วารินแสงคำ", Role.AUDITOR),
    DemoUser("admin", "จันทร์เพ็ญ ดอนรุ่งทอง", Role.ADMINISTRATOR),
    DemoUser("admin2", "สมหมาย หาดทรายแก้ว", Role.ADMINISTRATOR),
    DemoUser("donor", SIGNED_IN_DONOR_NAME, Role.DONOR),
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
class People:
    """The rows of the users, by the key of `DemoUser`, and who of them does what."""

    users: dict[str, User]

    def officer(self, number: int) -> Actor:
        """One of the two fund officers."""
        return self.users["officer2" if number % 3 == 0 else "officer"].as_actor()

    def approver(self, number: int) -> Actor:
        """One of the two approvers."""
        return self.users["approver2" if number % 2 else "approver"].as_actor()

    def case_manager(self, district: str) -> Actor:
        """The case manager of a district."""
        managers = (user for user in DEMO_USERS if user.role is Role.CASE_MANAGER)
        key = next(user.key for user in managers if district in user.districts)
        return self.users[key].as_actor()


def make_sign_ins() -> list[SignIn]:
    """A password for each user, made now; none is written in the program."""
    return [
        SignIn(user.email, user.name, user.role.value, user.districts, passwords.make_password())
        for user in DEMO_USERS
    ]


def create_users(sign_ins: Iterable[SignIn]) -> People:
    """Create the users, in the caller's unit of work."""
    password_of = {sign_in.email: sign_in.password for sign_in in sign_ins}
    return People(
        {
            user.key: create_user(
                user.email,
                name=user.name,
                password=password_of[user.email],
                roles=[user.role],
                districts=user.districts,
                actor=COMMAND_LINE,
            )
            for user in DEMO_USERS
        }
    )

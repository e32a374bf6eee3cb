"""The users one can sign in as: one for each role, and more where a step needs two people."""

import secrets
from collections.abc import Mapping
from dataclasses import dataclass

from sqlalchemy import select

from demo.names import SIGNED_IN_DONOR_NAME
from fundapp import clock
from fundapp.access.actors import COMMAND_LINE, VISITOR, Actor
from fundapp.access.permissions import Role
from fundapp.db import db
from fundapp.identity.credentials import token_hash
from fundapp.identity.encryption import decrypt_secret
from fundapp.identity.models import Delivery, User, UserSession
from fundapp.identity.operations import (
    accept_invitation,
    begin_totp,
    confirm_totp,
    create_user,
    invite,
    open_session,
    revoke_session,
)
from fundapp.identity.totp import code_at


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
    DemoUser("officer3", "สุไลมาน ปลายน้ำใส", Role.FUND_OFFICER),
    DemoUser("approver", "อาหามะ ดารายามิน", Role.APPROVER),
    DemoUser("approver2", "ศิริพร คีรีสายชล", Role.APPROVER),
    DemoUser("approver3", "ฮัสนะ มะลิซ้อน", Role.APPROVER),
    DemoUser("agency", "ซากีนะห์ ตัวอย่างยะลา", Role.AGENCY),
    DemoUser("case-yala", "นูรียะห์ สากอบูงา", Role.CASE_MANAGER, ("9501", "9508")),
    DemoUser("case-betong", "วีระ ทิวาหมอกทอง", Role.CASE_MANAGER, ("9502", "9504")),
    DemoUser("case-raman", "ซาลมา ลาเต๊ะมูดอ", Role.CASE_MANAGER, ("9506", "9503", "9501")),
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
    """What to type at sign-in. ``secret`` is what an authenticator app is given; a donor has no
    second factor, so none.
    """

    email: str
    name: str
    role: str
    districts: tuple[str, ...]
    password: str
    secret: str = ""


@dataclass(frozen=True, slots=True)
class People:
    """The rows of the users, by the key of `DemoUser`, and who of them does what."""

    users: dict[str, User]

    def officer(self, number: int) -> Actor:
        """One of the two fund officers who pay."""
        return self.users["officer2" if number % 3 == 0 else "officer"].as_actor()

    def verifier(self) -> Actor:
        """The fund officer who verifies bank details, and pays nothing."""
        return self.users["officer3"].as_actor()

    def approver(self, number: int) -> Actor:
        """One of the two approvers."""
        return self.users["approver2" if number % 2 else "approver"].as_actor()

    def supervisor(self) -> Actor:
        """The supervisor of all districts."""
        return self.users["supervisor"].as_actor()

    def auditor(self) -> Actor:
        """The auditor."""
        return self.users["auditor"].as_actor()

    def case_manager(self, district: str) -> Actor:
        """The case manager of a district."""
        managers = (user for user in DEMO_USERS if user.role is Role.CASE_MANAGER)
        key = next(user.key for user in managers if district in user.districts)
        return self.users[key].as_actor()


def make_passwords() -> dict[str, str]:
    """A password for each user by e-mail address, made now; none is written in the program."""
    return {user.email: make_password() for user in DEMO_USERS}


def make_password() -> str:
    """120 random bits, in groups that are easy to read out."""
    letters = secrets.token_hex(15)
    return "-".join(letters[start : start + 6] for start in range(0, len(letters), 6))


def create_users(passwords: Mapping[str, str]) -> tuple[People, list[SignIn]]:
    """Create the users, in the caller's unit of work, each with a password and a second factor."""
    users, sign_ins = {}, []
    for known in DEMO_USERS:
        user = create_user(
            known.email,
            name=known.name,
            roles=[known.role],
            districts=known.districts,
            actor=COMMAND_LINE,
        )
        password = passwords[known.email]
        code = invite(user.public_id, delivery=Delivery.PAPER, actor=COMMAND_LINE)
        accept_invitation(code, password=password, actor=VISITOR)
        secret = _set_up_app(user.as_actor()) if user.is_staff else ""
        users[known.key] = user
        sign_ins.append(
            SignIn(known.email, known.name, known.role.value, known.districts, password, secret)
        )
    return People(users), sign_ins


def _set_up_app(actor: Actor) -> str:
    """Set an authenticator app up, as a person does after the password; returns its secret."""
    token = open_session(actor=actor)
    of_token = select(UserSession.id).where(UserSession.token_sha256 == token_hash(token))
    session_id = db.session.scalars(of_token).one()
    secret = decrypt_secret(begin_totp(actor=actor))
    code = code_at(secret, clock.now())
    confirm_totp(code=code, session_id=session_id, actor=actor)
    revoke_session(session_id, actor=actor)
    return secret

"""Children who go from one case manager to another, and two for whom nobody is responsible."""

from sqlalchemy import select

from demo.handlers.grants import agree_as_administrators
from demo.people import make_password
from demo.state import DemoState
from fundapp.access.actors import COMMAND_LINE, VISITOR
from fundapp.access.permissions import Role
from fundapp.children.handovers.operations import hand_over, take_handover
from fundapp.children.models import Child, ChildStatus
from fundapp.db import db
from fundapp.identity.models import Delivery, User
from fundapp.identity.operations import accept_invitation, create_user, invite
from fundapp.identity.role_rows import ROLES, roles_as_values
from fundapp.proposals.models import Proposal
from fundapp.proposals.operations import confirm_proposal

#: Two case managers share the first district; one is moved from the second to the third.
_SHARED, _LEFT, _NEXT = "9501", "9502", "9504"
_WORDS = (
    "ครอบครัวย้ายบ้านภายในอำเภอ ยายสะดวกให้ติดต่อช่วงเย็น",
    "เด็กกลับมาอยู่กับยายแล้ว โปรดติดตามการมาเรียนทุกเดือน",
    "ครูประจำชั้นเป็นผู้ติดต่อหลัก โปรดเยี่ยมบ้านภายในเดือนนี้",
)


def hand_children_over(state: DemoState) -> None:
    """One child waits for each of two case managers, and one was taken over."""
    users = state.people.users
    ours, theirs = users["case-yala"], users["case-raman"]
    children = _children(state, _SHARED)
    for child, to, words in zip(children, (theirs, theirs), _WORDS, strict=False):
        hand_over([child.public_id], to.public_id, words=words, actor=ours.as_actor())
    for child in children[1:2]:
        take_handover(child.public_id, actor=theirs.as_actor())
        hand_over([child.public_id], ours.public_id, words=_WORDS[1], actor=theirs.as_actor())
    _leave(state)


def _leave(state: DemoState) -> None:
    children = [child.public_id for child in _children(state, _LEFT)]
    users = state.people.users
    if not children:
        return
    person = create_user(
        "case-moved@example.org",
        name="รอซีดะห์ ตัวอย่าง",
        roles=[Role.CASE_MANAGER],
        districts=[_LEFT],
        actor=users["admin"].as_actor(),
    )
    newest = select(Proposal).order_by(Proposal.id.desc()).limit(1)
    confirm_proposal(db.session.scalars(newest).one().public_id, actor=users["admin2"].as_actor())
    code = invite(person.public_id, delivery=Delivery.PAPER, actor=COMMAND_LINE)
    accept_invitation(code, password=make_password(), actor=VISITOR)
    supervisor = state.people.supervisor()
    hand_over(children, person.public_id, words=_WORDS[2], actor=supervisor)
    for public_id in children:
        take_handover(public_id, actor=person.as_actor())
    _move(state, person)


def _move(state: DemoState, person: User) -> None:
    values = roles_as_values({Role.CASE_MANAGER: frozenset({_NEXT})}, None)
    agree_as_administrators(state, ROLES, person.public_id, values)


def _children(state: DemoState, district: str) -> list[Child]:
    """The newest two of the district whose files are open."""
    found = [
        child
        for _number, child in sorted(state.children.items(), reverse=True)
        if child.district_code == district and child.status is ChildStatus.ACTIVE
    ]
    return found[:2]

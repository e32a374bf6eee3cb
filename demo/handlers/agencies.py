"""Three partner agencies with invented names, and a referral of each state."""

from datetime import timedelta

from demo.handlers.grants import agree
from demo.proof_images import proof_image
from demo.state import DemoState
from fundapp import clock
from fundapp.agencies.drafts import AgencyDraft, GivenDraft, ReferralDraft
from fundapp.agencies.kinds import (
    ACCESS_PROPOSAL,
    AGENCY_PROPOSAL,
    access_values,
    agency_values,
)
from fundapp.agencies.models import AgencyKind, GivenKind, Referral, SharedFact
from fundapp.agencies.operations import (
    accept_referral,
    decline_referral,
    finish_referral,
    send_referral,
    withdraw_referral,
)
from fundapp.agencies.steps import AGENCY
from fundapp.children.drafts import ConsentDraft
from fundapp.children.models import ChildStatus, ConsentKind, Relation
from fundapp.children.operations import record_consent
from fundapp.children.policy import may_show_identity
from fundapp.children.queries import list_children
from fundapp.disbursements.models import Need
from fundapp.documents.intake import accept
from fundapp.documents.operations import store_document
from fundapp.ids import new_public_id
from fundapp.places.queries import list_districts

_AGENCIES = (
    ("โรงพยาบาลตัวอย่างยะลา (สมมุติ)", AgencyKind.HEALTH),
    ("มูลนิธิเพื่อการเรียนรู้ตัวอย่าง (สมมุติ)", AgencyKind.FOUNDATION),
    ("ศูนย์ส่งเสริมการเรียนรู้ตัวอย่าง (สมมุติ)", AgencyKind.SCHOOL),
)
_NEEDS = (Need.HEALTH, Need.EDUCATION, Need.FOOD, Need.TRAVEL, Need.LIVING)
_FACTS = (SharedFact.FIRST_NAME, SharedFact.AGE, SharedFact.DISTRICT)


def refer_children(state: DemoState) -> None:
    """The agencies, whom the first one sends, and a referral in each state to it."""
    users, today = state.people.users, clock.today()
    first, *_others = [_register(state, name, kind) for name, kind in _AGENCIES]
    person, manager = users["agency"], users["case-raman"].as_actor()
    values = access_values(first, today + timedelta(days=300))
    agree(state, ACCESS_PROPOSAL, person.public_id, dict(values))
    page = list_children(viewer=manager, district_code=None, status=ChildStatus.ACTIVE)
    children = [child for child in page.rows if may_show_identity(child, today)]
    if not children:
        return
    sent = []
    for number, need in enumerate(_NEEDS):
        child = children[number % len(children)]
        draft = ConsentDraft(
            kind=ConsentKind.SHARE_FACTS,
            signer_name="มารดาสมมุติ",
            relation=Relation.MOTHER,
            signed_on=today,
        )
        record_consent(child.public_id, draft, actor=manager)
        asked = ReferralDraft(
            agency=first,
            need=need,
            facts=_FACTS,
            words="ขอให้ช่วยเหลือตามความต้องการนี้ (ข้อมูลสาธิต)",
            ends_on=today + timedelta(days=60),
        )
        key = f"demo:referral:{number}"
        sent.append(send_referral(child.public_id, asked, key=key, actor=manager))
    _answer(state, sent)


def _answer(state: DemoState, sent: list[Referral]) -> None:
    """The first waits; the others are accepted, done, declined and taken back."""
    users = state.people.users
    actor, manager = users["agency"].as_actor(), users["case-raman"].as_actor()
    _waits, accepted, done, declined, withdrawn = (referral.number for referral in sent)
    accept_referral(accepted, version=1, actor=actor)
    accept_referral(done, version=1, actor=actor)
    given = GivenDraft(kind=GivenKind.GOODS, count=3, on=clock.today(), words="ชุดอาหารแห้ง")
    finish_referral(done, given, version=2, actor=actor)
    decline_referral(declined, "ขณะนี้ไม่มีรถรับส่ง", version=1, actor=actor)
    withdraw_referral(withdrawn, version=1, actor=manager)


def _register(state: DemoState, name: str, kind: AgencyKind) -> str:
    """The public id of the agency, as two people agreed."""
    public_id, today = new_public_id(), clock.today()
    stored = store_document(
        accept(proof_image("MOU"), ""),
        subject_type=AGENCY,
        subject_ref=public_id,
        actor=state.people.users["officer"].as_actor(),
    )
    draft = AgencyDraft(
        name=name,
        kind=kind,
        districts=[district.code for district in list_districts()],
        email="agency@example.org",
        document=stored.document.public_id,
        starts_on=today - timedelta(days=200),
        ends_on=today + timedelta(days=530),
    )
    agree(state, AGENCY_PROPOSAL, public_id, dict(agency_values(draft)))
    return public_id

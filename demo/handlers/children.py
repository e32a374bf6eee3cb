"""Children are registered, consents withdrawn, files closed."""

from datetime import timedelta

from demo.events import ChildClosed, ChildRegistered, ConsentWithdrawn, DuplicateDecided
from demo.handlers.casework import write_zakat_group
from demo.state import DemoState
from fundapp import clock
from fundapp.children.drafts import ChildDraft, ConsentDraft, GuardianDraft
from fundapp.children.models import PARENTAL, ChildStatus, ConsentKind
from fundapp.children.operations import (
    close_child,
    decide_duplicate,
    register_child,
    withdraw_consent,
)

_NOTE_ON_SIGNER = "บิดามารดาทำงานต่างจังหวัด ผู้ลงนามดูแลเด็กอยู่จริง"


def child_registered(state: DemoState, event: ChildRegistered) -> None:
    """A case manager registers a child with the guardian's consents."""
    note = "" if event.relation in PARENTAL else _NOTE_ON_SIGNER
    signed_on = clock.today() - timedelta(days=event.child % 3)
    consents = tuple(
        ConsentDraft(
            kind=kind,
            signer_name=event.guardian_name,
            relation=event.relation,
            signed_on=signed_on,
            note=note,
        )
        for kind in event.consents
    )
    draft = ChildDraft(
        facts=event.facts,
        district_code=event.district,
        guardian=_guardian(state, event),
        relation=event.relation,
        consents=consents,
        another_child=event.another_child,
    )
    manager = state.people.case_manager(event.district)
    child = register_child(draft, actor=manager)
    state.children[event.child] = child
    if ConsentKind.ZAKAT in event.consents and child.status is ChildStatus.ACTIVE:
        write_zakat_group(child, event.child, manager)


def consent_withdrawn(state: DemoState, event: ConsentWithdrawn) -> None:
    """A case manager records that a guardian withdrew a consent."""
    child = state.children[event.child]
    consent = next(consent for consent in child.consents if consent.kind is event.kind)
    manager = state.people.case_manager(child.district_code)
    withdraw_consent(child.public_id, consent.id, actor=manager)


def child_closed(state: DemoState, event: ChildClosed) -> None:
    """A case manager closes a file."""
    child = state.children[event.child]
    manager = state.people.case_manager(child.district_code)
    close_child(child.public_id, event.reason, actor=manager)


def duplicate_decided(state: DemoState, event: DuplicateDecided) -> None:
    """The supervisor decides on a possible duplicate."""
    child = state.children[event.child]
    supervisor = state.people.supervisor()
    decide_duplicate(child.public_id, event.decision, reason=event.reason, actor=supervisor)


def _guardian(state: DemoState, event: ChildRegistered) -> GuardianDraft | str:
    if event.sibling_of is not None:
        return state.children[event.sibling_of].guardian.public_id
    return GuardianDraft(name=event.guardian_name, phone=event.guardian_phone)

"""Erasing what people wrote about a child reaches every table with words about children."""

from datetime import date

import pytest
from sqlalchemy import select

from fundapp.access.permissions import Role
from fundapp.agencies.models import GivenKind
from fundapp.children import operations as children
from fundapp.children.casework.drafts import CaseDraft, DetailsDraft, FurtherGuardianDraft
from fundapp.children.casework.models import CaseEntry, CaseKind
from fundapp.children.casework.operations import (
    add_guardian,
    change_details,
    move_child,
    settle_entry,
    take_child,
    write_entry,
)
from fundapp.children.child_words import WORDS, words_of
from fundapp.children.encryption import decrypt
from fundapp.children.handovers.operations import drop_handover, hand_over
from fundapp.children.models import Child, CloseReason, LegalCapacity, Relation
from fundapp.children.operations.erasures import erase_child_words, plan_erasure
from fundapp.concerns.models import ConcernAction, ConcernKind
from fundapp.concerns.operations import handle_concern
from fundapp.db import Base, db, unit_of_work
from fundapp.db.encrypted_columns import encrypted_columns
from fundapp.remarks.errors import UnknownRemarkError
from fundapp.remarks.models import ErasureReason
from tests.factories.actors import ADMINISTRATOR
from tests.factories.agencies import finish, let_in, make_agency, refer
from tests.factories.children import MUEANG, RAMAN, every_consent, make_child
from tests.factories.concerns import make_concern
from tests.factories.identity import make_user, sign_in

CANARY = "นกขมิ้นเหลืองอ่อน"
_FILE = "the file itself, which stays as long as its code does"
_OTHER = "concerns nobody in the care of the fund"
_ITS_OWN = "erased by its own number"
#: Tables with encrypted columns that erasing a child's words leaves alone, and why.
STAYS = {
    "children": _FILE,
    "guardians": _FILE,
    "consents": "what was signed proves that the fund was allowed to keep the file",
    "open_file_changes": "counts, which name nobody",
    "child_imports": "a list that waits is forgotten after some days, and gone once taken over",
    "remarks": "erased beside the words of the tables that are covered",
    "disbursement_requests": _ITS_OWN,
    "request_payees": _ITS_OWN,
    "proofs": _ITS_OWN,
    "receipt_confirmations": _ITS_OWN,
    "statement_lines": _ITS_OWN,
    "stated_lines": _ITS_OWN,
    "digest_keys": _OTHER,
    "donor_imports": _OTHER,
    "donor_tax_details": _OTHER,
    "gift_batch_rows": _OTHER,
    "line_accounts": _OTHER,
    "line_events": _OTHER,
    "mail_messages": _OTHER,
    "pledge_details": _OTHER,
    "receipt_contents": _OTHER,
    "refund_accounts": _OTHER,
    "slips": _OTHER,
    "totp_secrets": _OTHER,
    "vendor_versions": _OTHER,
}


def covered(app):
    return {table for kind in app.extensions[WORDS] for table in kind.tables}


def test_each_table_with_encrypted_words_is_covered_or_stays_for_a_reason(app):
    """A new table with an encrypted column is put into one of the two."""
    assert covered(app) & set(STAYS) == set()
    assert covered(app) | set(STAYS) == set(encrypted_columns())


def said(app):
    """Everything that the covered tables say now, by column."""
    db.session.rollback()
    found = {}
    for mapper in Base.registry.mappers:
        model = mapper.class_
        for column in encrypted_columns().get(model.__tablename__, ()):
            if model.__tablename__ in covered(app):
                rows = db.session.scalars(select(model)).all()
                found[f"{model.__tablename__}.{column}"] = [
                    decrypt(row, column) for row in rows if getattr(row, column) is not None
                ]
    return found


@pytest.fixture
def told(app, clock, session):
    """A child of whom each covered table says something, in a file that is still open."""
    manager = make_user(Role.CASE_MANAGER, (RAMAN, MUEANG))
    other = make_user(Role.CASE_MANAGER, (RAMAN,))
    child = make_child(manager, consents=every_consent(), given_name="นูรีฮาน", family_name="สมมุติวงศ์")
    by, ref = manager.as_actor(), child.public_id

    def do(operation, *args, **named):
        return unit_of_work(operation, *args, **named, actor=by)

    follow_up = CaseDraft(
        kind=CaseKind.FOLLOW_UP, on_day=date(2026, 11, 20), due_on=date(2026, 11, 30),
        words={"words": CANARY},
    )  # fmt: skip
    visit = CaseDraft(kind=CaseKind.VISIT, on_day=date(2026, 11, 20), words={"met": CANARY})
    do(write_entry, ref, visit)
    entry = do(write_entry, ref, follow_up)
    do(settle_entry, ref, entry.public_id, outcome=CANARY)
    do(change_details, ref, DetailsDraft(details={"village": CANARY}))
    adult = FurtherGuardianDraft(
        name=CANARY, phone="0812345678", relation=Relation.RELATIVE, capacity=LegalCapacity.NONE
    )
    do(add_guardian, ref, adult)
    agency = make_agency(districts=(RAMAN, MUEANG))
    finish(refer(child, agency, manager, words=CANARY), let_in(agency), GivenKind.GOODS)
    do(hand_over, [ref], other.public_id, words=CANARY)
    do(drop_handover, ref)
    do(move_child, ref, MUEANG, words=CANARY)
    do(take_child, ref)
    for about in (f"{CANARY} {child.code}", f"{CANARY} นูรีฮาน สมมุติวงศ์", "คนอื่น"):
        _code, number = make_concern(ConcernKind.MONEY, about, CANARY)
        for action in (ConcernAction.TAKE, ConcernAction.ANSWER, ConcernAction.CLOSE):
            unit_of_work(
                handle_concern, number, action, "คำตอบ", key=f"{number}{action}",
                actor=ADMINISTRATOR,
            )  # fmt: skip
    return child, by


def test_once_the_file_is_closed_all_of_it_goes(app, client, told):
    child, by = told
    another = make_child(given_name="อาดัม", family_name="ตัวอย่าง")
    assert {column: [CANARY in text for text in texts].count(True) for column, texts in
            said(app).items()} == {
        "case_entries.words_encrypted": 2, "case_entries.outcome_encrypted": 1,
        "child_details.details_encrypted": 1, "further_guardians.name_encrypted": 1,
        "further_guardians.phone_encrypted": 0, "child_moves.words_encrypted": 1,
        "child_handovers.words_encrypted": 1, "referrals.words_encrypted": 1,
        "referrals.reason_encrypted": 0, "referrals.given_words_encrypted": 0,
        "concerns.contact_encrypted": 3, "concern_steps.words_encrypted": 2,
    }  # fmt: skip
    erase = {"why": ErasureReason.NOT_NEEDED, "actor": ADMINISTRATOR}
    unit_of_work(erase_child_words, child.code, **erase)  # what was corrected
    assert CANARY in said(app)["case_entries.outcome_encrypted"], "the file is in use"
    with pytest.raises(UnknownRemarkError):
        unit_of_work(erase_child_words, another.code, **erase)
    unit_of_work(children.close_child, child.public_id, CloseReason.FINISHED, actor=by)
    goes = dict(plan_erasure(child.code, actor=ADMINISTRATOR).goes)
    assert goes == {
        "Notes, visits, needs, plans and follow-ups": 2, "Address, class and household": 1,
        "Other adults of the child": 1, "Notes on moves to other districts": 1,
        "Notes on hand-overs": 1, "Words of referrals": 1,
        "Closed concerns that name the child": 2,
    }  # fmt: skip
    sign_in(client, make_user(Role.ADMINISTRATOR))
    assert (
        "Closed concerns that name the child (2)"
        in client.get(f"/remarks/{child.code}?lang=en").text
    )
    unit_of_work(erase_child_words, child.code, **erase)
    left = said(app)
    contacts = left.pop("concerns.contact_encrypted")
    assert sorted(contacts) == ["", "", CANARY], "the concern of another one stays"
    assert set(left.pop("concern_steps.words_encrypted")) == {"", "คนอื่น", "คำตอบ"}
    assert {text for texts in left.values() for text in texts} <= {"", "{}", "Blanket"}
    assert list(words_of(db.session.get(Child, child.id))) == []
    manager = db.session.scalars(select(CaseEntry)).first().written_by
    sign_in(client, manager)
    assert client.get(f"/children/{child.public_id}/casework").status_code == 200

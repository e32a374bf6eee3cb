"""A frozen bank account: who freezes and releases it, and what it does not do."""

import pytest

from fundapp.banking.errors import AccountStateError
from fundapp.banking.operations import freeze_account, release_account
from fundapp.db import db, unit_of_work
from fundapp.errors import ForbiddenError, NotFoundError
from fundapp.ledger import chart
from fundapp.ledger.drafts import PostingDraft
from fundapp.ledger.errors import BankAccountFrozenError
from fundapp.ledger.models import EntryKind
from fundapp.trail.models import AuditEvent
from tests.factories.actors import ADMINISTRATOR, APPROVER, AUDITOR, HOUSE, MANAGER, OFFICER
from tests.factories.banking import make_bank_account
from tests.factories.books import make_entry, make_fund, make_gift
from tests.factories.disbursements import make_approved, make_team, pay
from tests.factories.giving import make_pledge


def freeze(actor=OFFICER, code="KTB-MAIN"):
    return unit_of_work(freeze_account, code, actor=actor)


@pytest.mark.parametrize("actor", [OFFICER, ADMINISTRATOR])
def test_one_person_freezes_and_two_release(bank, actor):
    freeze(actor)
    with pytest.raises(AccountStateError):
        freeze(actor)
    with pytest.raises(ForbiddenError):
        unit_of_work(release_account, "KTB-MAIN", actor=actor)
    unit_of_work(release_account, "KTB-MAIN", actor=HOUSE)
    with pytest.raises(AccountStateError):
        unit_of_work(release_account, "KTB-MAIN", actor=HOUSE)
    events = db.session.scalars(
        db.select(AuditEvent).where(AuditEvent.subject_ref == "KTB-MAIN").order_by(AuditEvent.id)
    )
    assert [event.action.rpartition(":")[2] for event in events] == ["open", "freeze", "release"]


@pytest.mark.one_case
@pytest.mark.parametrize("actor", [APPROVER, AUDITOR, MANAGER])
def test_others_freeze_none(bank, actor):
    with pytest.raises(ForbiddenError):
        freeze(actor)
    with pytest.raises(NotFoundError):
        freeze(code="NONE")


def test_nothing_is_paid_or_moved_out_of_it(session, clock):
    team = make_team()
    make_bank_account()
    request = make_approved(team)
    freeze()
    with pytest.raises(BankAccountFrozenError):
        pay(request, team)
    move = PostingDraft("GENERAL", chart.CASH_ON_HAND, chart.BANK_MAIN, 100)
    with pytest.raises(BankAccountFrozenError):
        make_entry(move, kind=EntryKind.TRANSFER)
    back = PostingDraft("GENERAL", chart.BANK_FEES, chart.BANK_MAIN, 100)
    make_entry(back, kind=EntryKind.BANK_FEE)
    make_gift(500)
    unit_of_work(release_account, "KTB-MAIN", actor=HOUSE)
    make_entry(move, kind=EntryKind.TRANSFER)


@pytest.mark.sqlite
@pytest.mark.parametrize("is_frozen", [False, True])
def test_donors_are_asked_to_pay_into_no_frozen_account(app, session, clock, is_frozen):
    """Neither by its number nor by the PromptPay id of the settings, which is the main one's."""
    app.config["PROMPTPAY_ID"] = "0812345678"
    make_fund()
    make_bank_account()
    pledge = make_pledge()
    if is_frozen:
        freeze()
    page = app.test_client().get(f"/pledges/{pledge.token}?lang=en").text
    assert ('class="qr"' in page, "987-6-54321-0" in page) == (not is_frozen,) * 2

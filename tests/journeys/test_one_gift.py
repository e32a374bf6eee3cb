"""One gift is followed to the two helps that it became, and back: by an auditor to the satang, by
the donor by kind and district, by a visitor as help for children.
"""

import re
from datetime import UTC, datetime

from fundapp.access.permissions import Role
from fundapp.db import db, unit_of_work
from fundapp.disbursements.models import DisbursementRequest, Need
from fundapp.giving.models import Receipt
from fundapp.giving.receipts.keys import owner_key
from fundapp.ledger.drafts import entry_number
from fundapp.transparency.operations import publish_months
from fundapp.transparency.rises import K
from tests.factories.actors import WORKER
from tests.factories.disbursements import THOUSAND, help_children, make_team
from tests.factories.giving import make_payment
from tests.factories.identity import make_user, sign_in


def text_of(answer):
    assert answer.status_code == 200
    body = answer.get_data(as_text=True).partition("<main")[2]
    return " ".join(re.sub(r"<[^>]+>", " ", body).split())


def test_one_gift_is_followed_to_two_helps_and_back_by_three_readers(session, clock, client):
    client.set_cookie("lang", "en")
    team = make_team(available_satang=0)
    gift = make_payment(30 * THOUSAND)
    for need in (Need.EDUCATION, Need.FOOD):
        help_children(team, K + 1, need=need)
    clock.move_to(datetime(2026, 12, 2, tzinfo=UTC))
    unit_of_work(publish_months, actor=WORKER)
    db.session.expire_all()
    code = db.session.scalars(db.select(Receipt)).one().code

    donor = text_of(client.get(f"/receipts/{code}/became?key={owner_key(code)}"))
    for kind in ("Education", "Food"):
        assert re.search(rf"{kind} for children in Raman Paid out 11,000\.00", donor)
    assert re.search(r"Still in the fund[^0-9]*8,000\.00", donor)
    visitor = text_of(client.get(f"/receipts/{code}/became"))
    assert "Help for children 22,000.00" in visitor
    assert "Raman" not in visitor
    assert "The entry is in the books" in text_of(client.get(f"/receipts/{code}/proof"))

    sign_in(client, make_user(Role.AUDITOR))
    forth = client.get(f"/audit/thread/{entry_number(gift.journal_entry_id)}")
    helps = list(db.session.scalars(db.select(DisbursementRequest)))
    assert len(helps) == 2
    assert "Still in the fund 8,000.00 baht" in text_of(forth)
    for each in helps:
        helped = entry_number(each.approval_entry_id)
        assert f"/audit/thread/{helped}" in forth.get_data(as_text=True)
        back = client.get(f"/audit/thread/{helped}")
        assert f"/audit/thread/{entry_number(gift.journal_entry_id)}" in back.get_data(as_text=True)
        assert "Its parts 11,000.00 baht" in text_of(back)

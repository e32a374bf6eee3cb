"""Lines of statements on their pages: lists, one line, and each action."""

import re

import pytest

from fundapp.banking.matching.operations.transfers import PAID_IN_MEMO
from fundapp.banking.models import LineStatus
from fundapp.banking.operations import hold_line
from fundapp.db import db, unit_of_work
from fundapp.giving.models import Payment, PaymentStatus
from fundapp.identity.queries import names_of
from fundapp.ledger import chart
from fundapp.ledger.drafts import PostingDraft, entry_number
from fundapp.ledger.models import EntryKind
from fundapp.trail.models import AuditEvent
from tests.banking.pages import count, line_status, text
from tests.factories.actors import OFFICER
from tests.factories.banking import (
    MONDAY,
    TUESDAY,
    Move,
    detail_of,
    fee,
    import_moves,
    make_single_pledge,
    move_of,
)
from tests.factories.books import make_entry, make_gift
from tests.factories.giving import make_payment

pytestmark = pytest.mark.sqlite


def test_matching_the_best_candidate(officer):
    pledge = make_single_pledge()
    (line,) = import_moves(Move(50_000, "no reference"))
    reference = pledge.instalments[0].reference
    answer = officer.post(
        f"/bank/lines/{line.public_id}/match",
        data={"instalment_reference": reference, "back": "statement"},
    )
    assert answer.headers["Location"] == f"/bank/statements/{line.statement.public_id}"
    assert line_status(line) is LineStatus.MATCHED
    body = text(officer.get(f"/bank/lines/{line.public_id}"))
    assert "Same amount, due within a week" in body
    assert "Undo the match" in body


def test_who_comes_second_goes_on_in_the_list_and_is_told_who_was_first(officer):
    references = [make_single_pledge().instalments[0].reference for _ in range(2)]
    (line,) = import_moves(Move(50_000))
    url = f"/bank/lines/{line.public_id}/match"
    place = {"back": "lines", "status": "unmatched"}
    first, second = (
        officer.post(url, data={"instalment_reference": reference} | place)
        for reference in references
    )
    assert first.headers["Location"] == second.headers["Location"]
    page = text(officer.get(second.headers["Location"]))
    (event,) = db.session.scalars(db.select(AuditEvent).filter_by(action="banking:line:match"))
    (name,) = names_of([event.actor]).values()
    assert f"{name} matched this line meanwhile (" in page
    assert count(Payment) == 1
    held = officer.post(f"/bank/lines/{line.public_id}/hold", data={"reason": "Who?"} | place)
    assert held.headers["Location"].startswith("/bank/lines?")


def test_choosing_nothing_or_too_much(officer):
    (line,) = import_moves(Move(50_000))
    url = f"/bank/lines/{line.public_id}"
    for data in ({}, {"instalment_reference": "A", "payment_public_id": "B"}):
        answer = officer.post(f"{url}/match", data=data)
        assert answer.status_code == 422
        assert "Choose what the line belongs to." in text(answer)
    answer = officer.post(f"{url}/match", data={"instalment_reference": "YLNOSUCH234"})
    assert answer.status_code == 422
    assert "No pledge carries this reference." in text(answer)
    assert officer.post(f"{url}/match", data={"payment_public_id": "x"}).status_code == 404
    assert line_status(line) is LineStatus.UNMATCHED


def test_undoing_needs_a_reason(officer):
    (line,) = import_moves(move_of(make_single_pledge()))
    url = f"/bank/lines/{line.public_id}"
    reference = detail_of(line)
    officer.post(f"{url}/match", data={"instalment_reference": reference})
    answer = officer.post(f"{url}/unmatch", data={"reason": " "})
    assert answer.status_code == 422
    assert "Say why, in a few words." in text(answer)
    answer = officer.post(f"{url}/unmatch", data={"reason": "call 081-234-5678"})
    assert answer.status_code == 422
    assert "“081-234-5678” looks like a telephone number" in text(answer)
    assert 'value="call 081-234-5678"' in text(answer)
    assert officer.post(f"{url}/unmatch", data={"reason": "Another donor"}).status_code == 303
    assert "Matches that were undone" in text(officer.get(url))
    assert db.session.scalars(db.select(Payment)).one().status is PaymentStatus.REVERSED


def test_holding_ignoring_and_releasing(officer):
    (line,) = import_moves(Move(50_000, "who?"))
    url = f"/bank/lines/{line.public_id}"
    assert officer.post(f"{url}/hold", data={"reason": ""}).status_code == 422
    assert officer.post(f"{url}/hold", data={"reason": "Asking the bank"}).status_code == 303
    assert "Asking the bank" in text(officer.get("/bank/lines?status=held"))
    assert officer.post(f"{url}/ignore", data={"reason": "Own transfer"}).status_code == 303
    assert line_status(line) is LineStatus.IGNORED
    assert officer.post(f"{url}/release").status_code == 303
    late = officer.post(f"{url}/release", follow_redirects=True)
    assert "took this line up again meanwhile" in text(late)
    assert line_status(line) is LineStatus.UNMATCHED


def test_recording_a_gift(officer):
    (line,) = import_moves(Move(50_000, "a stranger"))
    url = f"/bank/lines/{line.public_id}"
    answer = officer.post(f"{url}/gift", data={"fund": "", "donor": "Hasan Daud"})
    assert answer.status_code == 422
    assert "Choose a fund." in text(answer)
    assert 'value="Hasan Daud"' in text(answer)
    assert officer.post(f"{url}/gift", data={"fund": "GENERAL", "donor": ""}).status_code == 303
    assert db.session.scalars(db.select(Payment)).one().is_anonymous


def test_booking_a_charge(officer):
    make_gift(100_000)
    charge, gift = import_moves(fee(), Move(50_000))
    assert "Book the bank fee" in text(officer.get(f"/bank/lines/{charge.public_id}"))
    assert officer.post(f"/bank/lines/{charge.public_id}/charge").status_code == 303
    assert line_status(charge) is LineStatus.MATCHED
    answer = officer.post(f"/bank/lines/{gift.public_id}/charge")
    assert answer.status_code == 422
    assert "so it is not booked as one" in text(answer)


def test_booking_the_funds_own_cash(officer):
    cash = PostingDraft("GENERAL", chart.CASH_ON_HAND, chart.DONATIONS_INDIVIDUALS, 50_000)
    make_entry(cash)
    first, second = import_moves(Move(50_000), Move(50_000))
    url = f"/bank/lines/{first.public_id}"
    wanted = "GENERAL 1110 1121"
    assert "Fund GENERAL: from Cash on hand to Bank, main account" in text(officer.get(url))
    assert "(there: 500.00 of 500.00 baht)" in text(officer.get(url))
    answer = officer.post(f"{url}/move", data={"move": ""})
    assert (answer.status_code, "Choose the accounts" in text(answer)) == (422, True)
    for unknown in ("GENERAL", "GENERAL 1121 1110", "NOBODY 1110 1121", "x" * 900):
        assert officer.post(f"{url}/move", data={"move": unknown}).status_code == 422
    assert officer.post(f"{url}/move", data={"move": wanted}).status_code == 303
    assert line_status(first) is LineStatus.MATCHED
    answer = officer.post(f"/bank/lines/{second.public_id}/move", data={"move": wanted})
    assert answer.status_code == 422
    assert "only 0.00 baht" in text(answer)
    assert line_status(second) is LineStatus.UNMATCHED


def test_an_entry_of_moved_cash_is_offered_and_matched(officer):
    make_gift(50_000, bank=chart.CASH_ON_HAND)
    cash = PostingDraft("GENERAL", chart.BANK_MAIN, chart.CASH_ON_HAND, 50_000)
    moved = make_entry(cash, kind=EntryKind.TRANSFER, memo=PAID_IN_MEMO, entry_on=TUESDAY)
    (line,) = import_moves(Move(50_000, day=TUESDAY))
    url = f"/bank/lines/{line.public_id}"
    page = text(officer.get(url))
    number = entry_number(moved.id)
    assert f'name="entry_number" value="{number}"' in page
    assert "Cash paid into the bank" in page
    assert officer.post(f"{url}/match", data={"entry_number": number}).status_code == 303
    assert line_status(line) is LineStatus.MATCHED
    assert number in text(officer.get(url))


def test_searching_by_hand(officer):
    make_single_pledge(name="Mariyam Yusoh", satang=77_700)
    (line,) = import_moves(Move(50_000))
    url = f"/bank/lines/{line.public_id}"
    body = text(officer.post(url, data={"q": "mariyam"}))
    assert "Mariyam Yusoh" in body
    assert "less than what is still to come" in body
    assert "No open instalment was found" in text(officer.post(url, data={"q": "nobody"}))


def test_a_recorded_payment_is_offered(officer):
    payment = make_payment(50_000, received_on=MONDAY)
    (line,) = import_moves(Move(50_000))
    body = text(officer.get(f"/bank/lines/{line.public_id}"))
    assert "An officer recorded this amount already" in body
    assert f'name="payment_public_id" value="{payment.public_id}"' in body


def test_lists_have_pages(officer):
    moves = [Move(100, f"move-{n:03}", time=f"{n // 60:02}:{n % 60:02}") for n in range(120)]
    statement = import_moves(*moves)[0].statement
    for url in (f"/bank/statements/{statement.public_id}", "/bank/lines"):
        seen, following = [], url
        while following:
            body = text(officer.get(following))
            seen += re.findall(r"move-\d{3}", body)
            more = re.search(r'rel="next" href="([^"]+)"', body)
            following = more and more[1].replace("&amp;", "&")
        assert seen == [f"move-{n:03}" for n in range(120)]


def test_lines_by_state(officer):
    waiting, aside = import_moves(Move(100, "first"), Move(100, "second", time="11:00"))
    unit_of_work(hold_line, aside.public_id, reason="later", actor=OFFICER)
    url = f"/bank/statements/{waiting.statement.public_id}"
    body = text(officer.get(f"{url}?status=held"))
    assert ("second" in body, "first</p>" in body) == (True, False)
    assert officer.get(f"{url}?status=nonsense").status_code == 200
    assert officer.get("/bank/lines?after=nonsense").status_code == 200
    assert officer.get(f"{url}?after=99999999999999999999").status_code == 200


def test_actions_on_unknown_lines(officer):
    reason = {"reason": "no"}
    for act in ("hold", "ignore", "unmatch", "release", "charge"):
        assert officer.post(f"/bank/lines/x/{act}", data=reason).status_code == 404
    assert officer.post("/bank/lines/x/gift", data={"fund": "GENERAL"}).status_code == 404
    assert officer.post("/bank/lines/x/match", data=reason).status_code == 404
    assert officer.post("/bank/statements/x/match-certain").status_code == 404

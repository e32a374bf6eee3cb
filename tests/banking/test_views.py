"""The pages of banking, as a person uses them."""

import io
import re

import pytest
from werkzeug.datastructures import FileStorage
from werkzeug.test import encode_multipart

from fundapp.banking import queries
from fundapp.banking.models import LineStatus, StatementLine
from fundapp.banking.operations import hold_line
from fundapp.banking.operations.cash import PAID_IN_MEMO
from fundapp.db import db, unit_of_work
from fundapp.giving.models import Frequency, Payment, PaymentStatus
from fundapp.ledger import chart
from fundapp.ledger.drafts import PostingDraft, entry_number
from fundapp.ledger.models import EntryKind
from tests.factories.actors import OFFICER
from tests.factories.banking import (
    MONDAY,
    TUESDAY,
    Move,
    fee,
    import_moves,
    interest,
    statement_file,
)
from tests.factories.books import make_entry, make_gift
from tests.factories.giving import make_payment, make_pledge
from tests.factories.identity import make_user, sign_in


@pytest.fixture
def officer(bank, client):
    """A signed-in fund officer, reading English."""
    sign_in(client, make_user("fund_officer"))
    client.set_cookie("lang", "en")
    return client


@pytest.fixture
def auditor(bank, app):
    client = app.test_client()
    sign_in(client, make_user("auditor"))
    client.set_cookie("lang", "en")
    return client


def once(satang=50_000, **fields):
    return make_pledge(
        amount_satang=satang,
        frequency=Frequency.ONCE,
        instalment_count=1,
        starts_on=MONDAY,
        **fields,
    )


def named(pledge, **fields):
    return Move(pledge.instalments[0].amount_satang, pledge.instalments[0].reference, **fields)


def upload(client, data, **fields):
    values = {"account": "KTB-MAIN", "profile": "ktb", **fields}
    values["file"] = FileStorage(io.BytesIO(data), values.pop("name", "november.csv"))
    # Encoded here: the client would leave a large body in a temporary file that nobody closes.
    boundary, body = encode_multipart(values)
    kind = f"multipart/form-data; boundary={boundary}"
    return client.post("/bank/statements/new", data=body, content_type=kind)


def text(answer):
    return answer.get_data(as_text=True)


def count(kind):
    db.session.rollback()
    return db.session.scalar(db.select(db.func.count()).select_from(kind))


def status_of(line):
    db.session.expire_all()
    return db.session.get(StatementLine, line.id).status


def test_the_whole_story_over_http(officer):
    """Upload, one click, and the payment stands there with its reason."""
    pledge = once(name="Aminah Sani")
    answer = upload(officer, statement_file([named(pledge), Move(100, "nobody", time="12:00")]))
    assert answer.status_code == 303
    url = answer.headers["Location"]
    body = text(officer.get(url))
    assert "2 new lines" in body
    assert "Match all certain (1)" in body
    assert f"The text names reference {pledge.instalments[0].reference}." in body
    assert "Aminah Sani" in body
    answer = officer.post(f"{url}/match-certain")
    assert answer.status_code == 303
    body = text(officer.get(url))
    assert "1 line is matched." in body
    assert "Match all certain" not in body
    (payment,) = db.session.scalars(db.select(Payment)).all()
    assert f"/payments/{payment.public_id}" in body
    assert "1 to match" in text(officer.get("/bank/statements"))


def test_checking_writes_nothing(officer):
    answer = upload(officer, statement_file([Move(50_000)]), dry_run="1")
    assert answer.status_code == 200
    body = text(answer)
    assert "Nothing has been written yet." in body
    assert re.search(r"New lines</dt><dd>1</dd>", body)
    assert count(StatementLine) == 0


def test_the_same_file_twice_says_so(officer):
    data = statement_file([Move(50_000)])
    first = upload(officer, data)
    second = upload(officer, data)
    assert second.headers["Location"] == first.headers["Location"]
    assert "This file was imported before." in text(officer.get(second.headers["Location"]))
    assert "This file was imported before." in text(upload(officer, data, dry_run="1"))
    assert count(StatementLine) == 1


def test_a_refused_file_shows_every_error_and_keeps_what_was_chosen(officer):
    good = statement_file([Move(50_000), fee(), interest()]).decode("utf-8-sig")
    bad = good.replace('"10,475.00"', '"10,476.00"').replace("41.08", "fortyone")
    answer = upload(officer, bad.encode())
    assert answer.status_code == 422
    body = text(answer)
    assert "The balance is 10,476.00; the row before and this amount give 10,475.00." in body
    assert "There is no amount in baht in the cell" in body
    assert "Download the statement" in body
    assert '<option selected value="ktb">' in body
    assert count(StatementLine) == 0


@pytest.mark.parametrize(
    ("data", "sentence"),
    [
        (b"", "The file is empty."),
        (b"%PDF-1.7 " + bytes(range(256)), "The file is not a CSV text file."),
        (b"x" * (6 * 1024 * 1024), "The file is larger than 5 MB."),
    ],
)
def test_files_that_are_no_statement(officer, data, sentence):
    answer = upload(officer, data)
    assert answer.status_code == 422
    assert sentence in text(answer)


def test_a_truncated_file(officer):
    data = statement_file([Move(50_000)])
    answer = upload(officer, data[: data.rindex(b"\r\n", 0, -2)])
    assert answer.status_code == 422
    assert "The file is cut short" in text(answer)


def test_fifty_megabytes_are_turned_away(officer):
    answer = upload(officer, bytes(50 * 1024 * 1024))
    assert answer.status_code == 413
    assert "Too large" in text(answer)
    assert count(StatementLine) == 0


@pytest.mark.parametrize(
    ("fields", "sentence"),
    [
        ({"account": "NO-SUCH"}, "The fund has no bank account of this name."),
        ({"profile": "no-such"}, "There is no such style of statement."),
        ({"account": ""}, "The fund has no bank account of this name."),
    ],
)
def test_wrong_choices(officer, fields, sentence):
    answer = upload(officer, statement_file([]), **fields)
    assert answer.status_code == 422
    assert sentence in text(answer)


def test_no_file(officer):
    answer = officer.post("/bank/statements/new", data={"account": "KTB-MAIN", "profile": "ktb"})
    assert answer.status_code == 422
    assert "Choose the file from the bank." in text(answer)


def test_text_of_a_bank_is_only_text(officer):
    """Whoever writes a transfer's text writes it to our pages, too."""
    evil = "<script>alert(1)</script>"
    (line,) = import_moves(Move(50_000, evil))
    for url in (
        f"/bank/statements/{line.statement.public_id}",
        f"/bank/lines/{line.public_id}",
        "/bank/lines",
        "/bank/reconciliation?account=KTB-MAIN",
    ):
        body = text(officer.get(url))
        assert evil not in body
        assert "&lt;script&gt;alert(1)" in body


def test_matching_the_best_candidate(officer):
    pledge = once()
    (line,) = import_moves(Move(50_000, "no reference"))
    reference = pledge.instalments[0].reference
    answer = officer.post(
        f"/bank/lines/{line.public_id}/match",
        data={"instalment_reference": reference, "back": "statement"},
    )
    assert answer.headers["Location"] == f"/bank/statements/{line.statement.public_id}"
    assert status_of(line) is LineStatus.MATCHED
    body = text(officer.get(f"/bank/lines/{line.public_id}"))
    assert "Same amount, due within a week" in body
    assert "Undo the match" in body


def test_matching_twice_is_a_conflict(officer):
    references = [once().instalments[0].reference for _ in range(2)]
    (line,) = import_moves(Move(50_000))
    url = f"/bank/lines/{line.public_id}/match"
    first, second = (
        officer.post(url, data={"instalment_reference": reference}) for reference in references
    )
    assert (first.status_code, second.status_code) == (303, 409)
    assert "Somebody has dealt with this line meanwhile." in text(second)
    assert count(Payment) == 1


def test_choosing_nothing_or_too_much(officer):
    (line,) = import_moves(Move(50_000))
    url = f"/bank/lines/{line.public_id}"
    for data in ({}, {"instalment_reference": "A", "payment_public_id": "B"}):
        assert officer.post(f"{url}/match", data=data).headers["Location"] == url
        assert "Choose what the line belongs to." in text(officer.get(url))
    answer = officer.post(f"{url}/match", data={"instalment_reference": "YLNOSUCH234"})
    assert answer.status_code == 422
    assert "No pledge carries this reference." in text(answer)
    assert officer.post(f"{url}/match", data={"payment_public_id": "x"}).status_code == 404
    assert status_of(line) is LineStatus.UNMATCHED


def test_undoing_needs_a_reason(officer):
    (line,) = import_moves(named(once()))
    url = f"/bank/lines/{line.public_id}"
    reference = line.detail
    officer.post(f"{url}/match", data={"instalment_reference": reference})
    answer = officer.post(f"{url}/unmatch", data={"reason": " "})
    assert answer.status_code == 422
    assert "Say why, in a few words." in text(answer)
    answer = officer.post(f"{url}/unmatch", data={"reason": "call 081-234-5678"})
    assert answer.status_code == 422
    assert "Leave id numbers" in text(answer)
    assert 'value="call 081-234-5678"' in text(answer)
    assert officer.post(f"{url}/unmatch", data={"reason": "Another donor"}).status_code == 303
    assert "Matches that were undone" in text(officer.get(url))
    assert db.session.scalars(db.select(Payment)).one().status is PaymentStatus.REVERSED


def test_holding_ignoring_and_taking_up_again(officer):
    (line,) = import_moves(Move(50_000, "who?"))
    url = f"/bank/lines/{line.public_id}"
    assert officer.post(f"{url}/hold", data={"reason": ""}).status_code == 422
    assert officer.post(f"{url}/hold", data={"reason": "Asking the bank"}).status_code == 303
    assert "Asking the bank" in text(officer.get("/bank/lines?status=held"))
    assert officer.post(f"{url}/ignore", data={"reason": "Own transfer"}).status_code == 303
    assert status_of(line) is LineStatus.IGNORED
    assert officer.post(f"{url}/release").status_code == 303
    assert officer.post(f"{url}/release").status_code == 409
    assert status_of(line) is LineStatus.UNMATCHED


def test_recording_a_gift(officer):
    (line,) = import_moves(Move(50_000, "a stranger"))
    url = f"/bank/lines/{line.public_id}"
    answer = officer.post(f"{url}/gift", data={"fund": "", "donor": "Hasan Daud"})
    assert answer.status_code == 422
    assert "Choose a fund." in text(answer)
    assert 'value="Hasan Daud"' in text(answer)
    assert officer.post(f"{url}/gift", data={"fund": "GENERAL", "donor": ""}).status_code == 303
    assert db.session.scalars(db.select(Payment)).one().is_anonymous


def test_booking_the_banks_own(officer):
    make_gift(100_000)
    charge, gift = import_moves(fee(), Move(50_000))
    assert "Book the bank fee" in text(officer.get(f"/bank/lines/{charge.public_id}"))
    assert officer.post(f"/bank/lines/{charge.public_id}/charge").status_code == 303
    assert status_of(charge) is LineStatus.MATCHED
    answer = officer.post(f"/bank/lines/{gift.public_id}/charge")
    assert answer.status_code == 422
    assert "so it is not booked as one" in text(answer)


def test_booking_the_funds_own_cash(officer):
    cash = PostingDraft("GENERAL", chart.CASH_ON_HAND, chart.DONATIONS_INDIVIDUALS, 50_000)
    make_entry(cash)
    first, second = import_moves(Move(50_000), Move(50_000))
    url = f"/bank/lines/{first.public_id}"
    answer = officer.post(f"{url}/cash", data={"cash_fund": ""})
    assert (answer.status_code, "Choose a fund." in text(answer)) == (422, True)
    assert officer.post(f"{url}/cash", data={"cash_fund": "GENERAL"}).status_code == 303
    assert status_of(first) is LineStatus.MATCHED
    answer = officer.post(f"/bank/lines/{second.public_id}/cash", data={"cash_fund": "GENERAL"})
    assert answer.status_code == 422
    assert "only 0.00 baht" in text(answer)
    assert status_of(second) is LineStatus.UNMATCHED


def test_cash_that_the_books_moved_is_offered_and_matched(officer):
    cash = PostingDraft("GENERAL", chart.BANK_MAIN, chart.CASH_ON_HAND, 50_000)
    moved = make_entry(cash, kind=EntryKind.TRANSFER, memo=PAID_IN_MEMO, entry_on=TUESDAY)
    (line,) = import_moves(Move(50_000, day=TUESDAY))
    url = f"/bank/lines/{line.public_id}"
    page = text(officer.get(url))
    number = entry_number(moved.id)
    assert f'name="entry_number" value="{number}"' in page
    assert "Cash paid into the bank" in page
    assert officer.post(f"{url}/match", data={"entry_number": number}).status_code == 303
    assert status_of(line) is LineStatus.MATCHED
    assert number in text(officer.get(url))


def test_searching_by_hand(officer):
    once(name="Mariyam Yusoh", satang=77_700)
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


def test_lists_go_on_page_by_page(officer):
    moves = [Move(100, f"line-{n:03}", time=f"{n // 60:02}:{n % 60:02}") for n in range(120)]
    statement = import_moves(*moves)[0].statement
    for url in (f"/bank/statements/{statement.public_id}", "/bank/lines"):
        seen, following = [], url
        while following:
            body = text(officer.get(following))
            seen += re.findall(r"line-\d{3}", body)
            more = re.search(r'rel="next" href="([^"]+)"', body)
            following = more and more[1].replace("&amp;", "&")
        assert seen == [f"line-{n:03}" for n in range(120)]


def test_lines_by_state(officer):
    waiting, aside = import_moves(Move(100, "first"), Move(100, "second", time="11:00"))
    unit_of_work(hold_line, aside.public_id, reason="later", actor=OFFICER)
    url = f"/bank/statements/{waiting.statement.public_id}"
    body = text(officer.get(f"{url}?status=held"))
    assert ("second" in body, "first</p>" in body) == (True, False)
    assert officer.get(f"{url}?status=nonsense").status_code == 200
    assert officer.get("/bank/lines?after=nonsense").status_code == 200
    assert officer.get(f"{url}?after=99999999999999999999").status_code == 200


def test_the_proof(officer):
    import_moves(Move(50_000, "nobody knows"))
    entry = make_gift(70_000, on=TUESDAY)
    body = text(officer.get("/bank/reconciliation?account=KTB-MAIN&day=22/11/2569"))
    assert f'href="/audit/entries/{entry_number(entry.id)}"' in body
    assert "nobody knows" in body
    assert "10,500.00" in body
    assert "The last statement ends on" in text(officer.get("/bank/reconciliation"))
    answer = officer.get("/bank/reconciliation?account=KTB-MAIN&day=31/2/2569")
    assert answer.status_code == 422
    assert 'value="31/2/2569"' in text(answer)
    assert officer.get("/bank/reconciliation?account=NO-SUCH").status_code == 422
    assert "No statement of this account" in text(
        officer.get("/bank/reconciliation?day=2020-01-01")
    )


@pytest.mark.parametrize("language", ["th", "en", "ms"])
def test_empty_pages(officer, language):
    for url in ("/bank/statements", "/bank/lines", "/bank/reconciliation", "/bank/statements/new"):
        assert officer.get(f"{url}?lang={language}").status_code == 200


@pytest.mark.parametrize("path", ["/bank/statements/x", "/bank/lines/x"])
def test_unknown_ids(officer, path):
    assert officer.get(path).status_code == 404


def test_acts_on_unknown_things(officer):
    reason = {"reason": "no"}
    for act in ("hold", "ignore", "unmatch", "release", "charge"):
        assert officer.post(f"/bank/lines/x/{act}", data=reason).status_code == 404
    assert officer.post("/bank/lines/x/gift", data={"fund": "GENERAL"}).status_code == 404
    assert officer.post("/bank/lines/x/match", data=reason).status_code == 404
    assert officer.post("/bank/statements/x/match-certain").status_code == 404


def test_auditors_read_and_change_nothing(auditor):
    (line,) = import_moves(named(once()))
    url = f"/bank/statements/{line.statement.public_id}"
    body = text(auditor.get(url))
    assert "The text names reference" in body
    assert "Match all certain" not in body
    assert '<form class="post-button"' not in body.split("<main", 1)[1]
    assert auditor.get(f"/bank/lines/{line.public_id}").status_code == 200
    assert auditor.get("/bank/reconciliation").status_code == 200
    for path in (f"{url}/match-certain", f"/bank/lines/{line.public_id}/match"):
        assert auditor.post(path, data={"instalment_reference": line.detail}).status_code == 403
    assert auditor.get("/bank/statements/new").status_code == 403
    assert queries.count_unmatched() == 1


def test_others_stay_outside(bank, client):
    assert client.get("/bank/statements").headers["Location"].startswith("/sign-in")
    sign_in(client, make_user("case_manager"))
    assert client.get("/bank/statements").status_code == 403

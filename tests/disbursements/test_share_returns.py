"""Children's shares that came back of a payment for several: the rest stays paid."""

from datetime import timedelta

import pytest
from sqlalchemy import select, text

from fundapp import clock
from fundapp.banking.errors import VoucherUnknownError
from fundapp.banking.matching.queries import list_candidates
from fundapp.banking.operations import book_share_return, match_line
from fundapp.banking.statement_files.queries import get_line
from fundapp.children.models import Child
from fundapp.db import db, unit_of_work
from fundapp.disbursements import operations, queries
from fundapp.disbursements.drafts import ChildAmount, LineDraft
from fundapp.disbursements.errors import (
    AllSharesError,
    ComebackDayError,
    ReasonMissingError,
    ShareOutError,
    SharesBackError,
    ShareSumError,
    ThreePeopleError,
    WrongStateError,
)
from fundapp.disbursements.models import RequestStatus, ReturnCause, ShareReturn
from fundapp.disbursements.operations.briefings import read_briefing
from fundapp.disbursements.queries.help_rules import find_cap_shares
from fundapp.errors import StaleError
from fundapp.ids import new_id
from fundapp.ledger.drafts import entry_number
from fundapp.ledger.errors import PartCameBackError
from fundapp.ledger.models import EntryKind, JournalEntry
from fundapp.ledger.operations import reverse_entry
from fundapp.ledger.queries import fund_available
from fundapp.ledger.thread.queries import read_threads
from tests.disbursements.test_returns import again, broken, come_back, refused
from tests.disbursements.test_tables import execute, insert
from tests.factories.banking import Move, import_moves, make_bank_account
from tests.factories.disbursements import (
    CLASS_SHARES,
    make_approved,
    make_request,
    pay_class,
    prove,
    request_draft,
)
from tests.factories.help_rules import make_help_rules
from tests.factories.identity import sign_in

WORDS = "One child has left the school"
SHARES = CLASS_SHARES


def make_class(team):
    """A payment for several children, and the children in their order."""
    paid, children = pay_class(team)
    return again(paid), [db.session.get_one(Child, child.id) for child in children]


def share_back(request, team, *children, **overrides):
    of = {line.child_id: line.amount_satang for line in again(request).lines}
    values = {
        "version": again(request).version,
        "cause": ReturnCause.PAYEE,
        "returned_on": clock.today(),
        "amount_satang": sum(of.get(child.id, 1) for child in children),
        "codes": [child.code for child in children],
        "reason": WORDS,
        "actor": team.payer.as_actor(),
        **overrides,
    }
    return unit_of_work(operations.record_share_return, request.public_id, **values)


def test_a_share_goes_back_to_the_fund_and_counts_no_more(team, client):
    before = fund_available(team.fund)
    make_help_rules(child=500_00, household=2_000_00)
    request, (one, two, three) = make_class(team)
    prove(request, team)
    client.set_cookie("lang", "en")
    sign_in(client, team.payer)
    url, yesterday = f"/disbursements/{request.public_id}", clock.today() - timedelta(days=1)
    assert "share-codes" in client.get(url).text
    typed = {
        "share-version": str(again(request).version),
        "share-cause": "payee",
        "share-returned_on": clock.today().isoformat(),
        "share-amount": "320",
        "share-codes": one.code.removeprefix("C-").lower(),
        "share-reason": WORDS,
    }
    for wrong, said in (
        ({"share-codes": "C-0000000"}, "C-0000000 is no code of a child"),
        ({"share-codes": ""}, "Enter the code of each child"),
        ({"share-codes": f"{one.code}, {two.code}"}, "come to 640.00 baht, and 320.00 baht"),
        ({"share-codes": team.child.code}, "No share of this payment can come back"),
        ({"share-amount": "319"}, "come to 320.00 baht, and 319.00 baht"),
        ({"share-reason": ""}, "reason"),
        ({"share-returned_on": yesterday.isoformat()}, "between the payment and today"),
    ):
        page = client.post(f"{url}/share-back", data={**typed, **wrong})
        assert (page.status_code, said in page.text) == (422, True), (wrong, said)
    assert fund_available(team.fund) == before - sum(SHARES)
    page = client.post(f"{url}/share-back", data=typed, follow_redirects=True).text
    assert "Share came back on" in page
    assert "Shares came back: 320.00 baht" in page
    assert client.post(f"{url}/share-back", data=typed).status_code == 409

    request = again(request)
    [back] = request.payout.share_returns
    assert (request.status, len(request.proofs)) == (RequestStatus.CONFIRMED, 1)
    assert fund_available(team.fund) == before - sum(SHARES) + 320_00
    entry = db.session.get_one(JournalEntry, back.journal_entry_id)
    assert (entry.kind, entry.total_satang) == (EntryKind.ASSISTANCE_RETURNED, 320_00)
    assert (back.recorded_by_id, [each.line_id for each in back.lines]) == (
        team.payer.id,
        [line.id for line in request.lines if line.child_id == one.id],
    )
    [helped] = read_threads(request.approval_entry_id)
    assert sum(satang for _gift, satang in helped.parts) == sum(SHARES) - 320_00
    assert (helped.returned_satang, helped.open_satang) == (320_00, 0)
    [share] = queries.read_shares(
        {request.approval_entry_id: [(0, sum(SHARES))]}, viewer=team.auditor.as_actor()
    )[request.approval_entry_id]
    assert {each.code for each in share.children} == {two.code, three.code}

    # It can be asked for again: the cap of the child is free, and so is its help of 12 months.
    draft = request_draft(team, 400_00, lines=[LineDraft(one.public_id, 400_00)])
    asked = unit_of_work(operations.submit_request, draft, actor=team.asker.as_actor())
    actor = team.approver.as_actor()
    briefing = unit_of_work(read_briefing, asked.public_id, actor=actor)
    assert [(child.before.count, child.before.satang) for child in briefing.children] == [(0, 0)]
    [cap, house] = find_cap_shares([ChildAmount(two, 80_00)], clock.now(), None)
    assert (cap.before_satang, house.is_child) == (320_00, False)
    sign_in(client, team.asker)
    assert "came back" in client.get(f"/disbursements?child={one.code}").text
    assert broken() == set()


def test_who_may_and_which_shares(team):
    request, (one, two, three) = make_class(team)
    for actor in (team.asker, team.approver):
        with pytest.raises(ThreePeopleError):
            share_back(request, team, one, actor=actor.as_actor())
    for children, wrong, error, field in (
        ((one, one), {}, ShareSumError, "codes"),
        ((one, two, three), {}, AllSharesError, "codes"),
        ((), {}, ShareOutError, "codes"),
        ((one, team.child), {}, ShareOutError, "codes"),
        ((one,), {"returned_on": clock.today() + timedelta(days=1)}, ComebackDayError, None),
        ((one,), {"reason": " "}, ReasonMissingError, "reason"),
        ((one,), {"version": 1}, StaleError, None),
    ):
        with pytest.raises(error) as refusal:
            share_back(request, team, *children, **wrong)
        assert field in (None, refusal.value.field)
    for other in (make_request(team), make_approved(team)):
        with pytest.raises(WrongStateError):
            share_back(other, team, team.child)
    share_back(request, team, one)
    with pytest.raises(ShareOutError):
        share_back(request, team, one, two)
    with pytest.raises(SharesBackError):
        come_back(request, team)
    assert queries.count_requests_in_work(one) == 0
    assert queries.count_requests_in_work(two) == 1
    share_back(request, team, two, three, cause=ReturnCause.BANK)
    [helped] = read_threads(again(request).approval_entry_id)
    assert (helped.parts, helped.returned_satang) == ([], sum(SHARES))
    assert again(request).status is RequestStatus.PAID
    assert broken() == set()


def test_the_tables_keep_shares_whole_once_and_in_their_payment(team):
    request, children = make_class(team)
    other, others = make_class(team)
    of_child = {each.child_id: each.id for each in request.lines}
    line, second, third = (of_child[child.id] for child in children)
    [of_other] = [each.id for each in other.lines if each.child_id == others[0].id]
    back = share_back(request, team, children[0])
    values = {
        "id": new_id(),
        "payout_id": request.payouts[0].id,
        "cause": "payee",
        "returned_on": clock.today().isoformat(),
        "amount_satang": 320_00,
        "journal_entry_id": back.journal_entry_id,
        "reason_digest": b"0" * 32,
        "recorded_by_id": team.payer.id,
        "recorded_at": "2026-11-24T03:00:00Z",
    }
    share = {"line_id": second, "return_id": values["id"], "amount_satang": 320_00}
    for wrong, why in (
        ({"line_id": line}, "(?i)unique"),
        ({"return_id": back.id}, "shares are written before their return"),
        ({"amount_satang": 319_00}, "a share comes back whole"),
        ({"line_id": new_id()}, "a share comes back whole"),
        ({}, "(?i)foreign key"),  # alone it is not kept
    ):
        with refused(why):
            insert("share_return_lines", {**share, **wrong})
    with refused("a share of the payment came back"):
        insert(
            "payout_returns",
            {key: values[key] for key in values.keys() - {"id", "amount_satang"}},
        )
    for entry_id in (request.approval_entry_id, request.payouts[0].journal_entry_id):
        with pytest.raises(PartCameBackError):
            unit_of_work(
                reverse_entry,
                entry_id,
                reason="Undone",
                entry_on=clock.today(),
                actor=team.payer.as_actor(),
            )
    for table in ("share_returns", "share_return_lines"):
        for statement in (f"UPDATE {table} SET amount_satang = 1", f"DELETE FROM {table}"):
            with refused("append-only|refuse|share_return"):
                execute(statement)

    forged = _forge_entry(request, other, 320_00)
    for wrong, why in (
        ({"recorded_by_id": team.asker.id}, "who asked or approved records no return"),
        ({"recorded_by_id": team.approver.id}, "who asked or approved records no return"),
        ({"returned_on": "2020-01-01"}, "of a payment that stands, as its entry says"),
        ({"journal_entry_id": request.approval_entry_id}, "of a payment that stands"),
        ({"payout_id": other.payouts[0].id}, "of a payment that stands"),
        ({"amount_satang": 640_00}, "of a payment that stands"),
        ({"reason_digest": b"0"}, "reason_hashed"),
    ):
        with refused(why):
            _insert_both(share, {**values, "journal_entry_id": forged, **wrong})
    with refused("of its request and add up to it"):
        insert("share_returns", {**values, "journal_entry_id": forged})
    with refused("of its request and add up to it"):
        _insert_both({**share, "line_id": of_other}, {**values, "journal_entry_id": forged})
    assert "disbursements.share-returns" in broken()  # the entry alone
    _insert_both(share, {**values, "journal_entry_id": forged})
    assert "disbursements.share-returns" not in broken()
    assert db.session.scalar(text("SELECT count(*) FROM share_returns")) == 2
    assert third not in queries.days_of_shares_back(again(request))


def _insert_both(share, values):
    """A share and its return, in one transaction."""

    def work():
        for table, row in (("share_return_lines", share), ("share_returns", values)):
            columns, parameters = ", ".join(row), ", ".join(f":{column}" for column in row)
            db.session.execute(text(f"INSERT INTO {table} ({columns}) VALUES ({parameters})"), row)

    unit_of_work(work)


def _forge_entry(request, other, satang):
    """An entry that takes a share back, by raw SQL; more than was approved is refused."""
    columns = (
        "kind, entry_on, posted_at, memo, source_type, source_ref, maker, checker, receipt,"
        " private, content_hash, posting_count, canonical, leaf_hash"
    )
    with refused("more came back than was approved"):
        _forge(request, columns, sum(SHARES))
    return _forge(request, columns, satang)


def _forge(request, columns, satang):
    back = db.session.scalars(select(ShareReturn.journal_entry_id)).first()
    values = {"id": new_id(), "satang": satang, "like": back}
    statements = (
        "INSERT INTO postings SELECT :id, position, posting_count, entry_on, fund_code,"
        " debit_account_code, credit_account_code, :satang FROM postings WHERE entry_id = :like",
        f"INSERT INTO journal_entries (id, total_satang, idempotency_key, {columns})"
        f" SELECT :id, :satang, CAST(:id AS text), {columns} FROM journal_entries WHERE id = :like",
    )
    unit_of_work(lambda: [db.session.execute(text(each), values) for each in statements])
    return values["id"]


def test_a_line_of_the_bank_is_the_share_of_a_child(team, client):
    make_bank_account()
    request, (one, two, three) = make_class(team)
    voucher = request.payouts[0].voucher
    today = clock.today()
    moves = [Move(satang, "school", today, channel="Branch") for satang in (320_00, 820_00)]
    lines = import_moves(*moves, from_on=today, to_on=today)
    first, second = (line.public_id for line in lines)
    client.set_cookie("lang", "en")
    sign_in(client, team.payer)
    assert "Shares of help that a payee gave back" in client.get(f"/bank/lines/{first}").text
    url = f"/bank/lines/{first}/share-back"
    typed = {"voucher": voucher.lower(), "codes": one.code, "reason": WORDS}
    for wrong, said in (
        ({"voucher": "PV1"}, "no payment with this voucher"),
        ({"voucher": ""}, "Enter the number of the voucher"),
        ({"codes": three.code}, "come to 500.00 baht, and 320.00 baht"),
        ({"codes": "x"}, "x is no code of a child"),
        ({"reason": ""}, "reason"),
    ):
        page = client.post(url, data={**typed, **wrong})
        assert (page.status_code, said in page.text) == (422, True), (wrong, said)
    assert again(request).payout.share_returns == []
    assert client.post(url, data=typed).status_code == 303
    assert [each.returned_on for each in again(request).payout.share_returns] == [today]
    client.post(url, data=typed)
    assert len(again(request).payout.share_returns) == 1
    with pytest.raises(VoucherUnknownError):
        unit_of_work(
            book_share_return,
            second,
            voucher="PV0",
            codes=[two.code],
            reason=WORDS,
            actor=team.payer.as_actor(),
        )
    back = share_back(request, team, two, three)
    [found] = list_candidates([get_line(second)])[get_line(second).id]
    assert found.ref == entry_number(back.journal_entry_id)
    unit_of_work(match_line, second, entry_number=found.ref, actor=team.payer.as_actor())
    assert broken() == set()

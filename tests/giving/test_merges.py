"""Two files of one donor become one, with everything in both, and can be parted again."""

import pytest
from sqlalchemy import select

from fundapp.access.permissions import Role
from fundapp.db import db, unit_of_work
from fundapp.errors import ForbiddenError
from fundapp.giving import operations, queries
from fundapp.giving.errors import NotMergeableError
from fundapp.giving.models import DonorMerge, Receipt
from fundapp.giving.receipts.operations import set_tax_details
from fundapp.giving.receipts.reader import find_details, open_content
from fundapp.today.own_giving import find_own_giving
from tests.factories.actors import AUDITOR, OFFICER, VISITOR
from tests.factories.giving import connect_donor, make_donor, make_payment, make_pledge
from tests.factories.identity import make_user, sign_in
from tests.raw_sql import not_refused


@pytest.fixture
def two(funds):
    """Two donors of one name: each with a pledge, a payment and a receipt; 100 and 200 baht."""
    donors = []
    for number, satang in enumerate((10_000, 20_000)):
        pledge = make_pledge(name="Aminah Sani", email=f"aminah{number}@example.org")
        make_payment(satang, pledge.instalments[0])
        donors.append(pledge.donor)
    return donors


def merge(donor, other, actor=OFFICER):
    unit_of_work(operations.merge_donor, donor.public_id, into=other.public_id, actor=actor)


def part(donor):
    unit_of_work(operations.part_donor, donor.public_id, actor=OFFICER)


def amounts(donor):
    """What the file of a donor shows: pledges, payments, kinds of events but what was done to the
    file itself, the sum.
    """
    db.session.rollback()
    file = queries.get_donor_file(donor.public_id)
    kinds = sorted(event.kind for event in file.timeline if event.kind != "change")
    paid = sorted(payment.amount_satang for payment in file.payments)
    return len(file.pledges), paid, file.given_satang, kinds


def test_the_file_shows_both_and_parting_gives_each_its_own_back(two):
    first, second = two
    before = amounts(first), amounts(second)
    merge(first, second)
    pledges, paid, given, kinds = amounts(second)
    assert (pledges, paid, given) == (2, [10_000, 20_000], 30_000)
    assert kinds == sorted(before[0][3] + before[1][3])
    part(first)
    assert (amounts(first), amounts(second)) == before


@pytest.mark.sqlite
def test_receipts_and_their_names_stay(two, funds):
    read = select(Receipt.number, Receipt.donor_name, Receipt.amount_satang)
    before = funds.execute(read.order_by(Receipt.number)).all()
    merge(*two)
    funds.rollback()
    assert funds.execute(read.order_by(Receipt.number)).all() == before


def test_the_list_shows_the_merged_once_and_finds_it_by_either_address(two):
    first, second = two
    other = make_payment(500).donor
    merge(first, second)
    db.session.rollback()
    ids = [[row.donor.id for row in queries.list_donors(q).rows] for q in ("aminah0@", "Aminah")]
    assert ids == [[second.id], [second.id]]
    given = {row.donor.id: row.given_satang for row in queries.list_donors().rows}
    assert given == {second.id: 30_000, other.id: 500}
    assert first.id not in [row.donor.id for row in queries.list_donors().rows]


@pytest.mark.sqlite
def test_merged_files_are_no_longer_shown_as_alike(two):
    first, second = two
    assert [each.id for each in queries.get_donor_file(second.public_id).alike] == [first.id]
    merge(first, second)
    db.session.rollback()
    assert queries.get_donor_file(second.public_id).alike == []


@pytest.mark.sqlite
def test_a_further_gift_with_the_merged_address_is_the_others(two):
    first, second = two
    merge(first, second)
    assert make_pledge(name="Aminah Sani", email="aminah0@example.org").donor_id == second.id
    part(first)
    assert make_pledge(name="Aminah Sani", email="aminah0@example.org").donor_id == first.id


@pytest.mark.sqlite
def test_the_account_of_one_sees_what_is_confirmed_of_both(two):
    first, second = two
    user = make_user(Role.DONOR)
    connect_donor(queries.list_donor_pledges([second.id])[0], user)
    assert len(find_own_giving(user.as_actor()).gifts.rows) == 1
    with pytest.raises(NotMergeableError):
        merge(second, first)
    merge(first, second)
    db.session.rollback()
    assert len(find_own_giving(user.as_actor()).pledges.rows) == 1


def test_what_cannot_be_merged(two):
    first, second = two
    third = make_donor("Aminah Sani")
    unknown = make_donor("")
    for donor, other in ((first, first), (unknown, first), (first, unknown)):
        with pytest.raises(NotMergeableError):
            merge(donor, other)
    merge(first, second)
    for donor, other in ((first, third), (third, first), (second, third)):
        with pytest.raises(NotMergeableError):
            merge(donor, other)
    for actor in (AUDITOR, VISITOR):
        with pytest.raises(ForbiddenError):
            merge(third, second, actor)


#: What raw SQL may not do beside a merge of the first donor into the second.
CHAINS = [
    "INSERT INTO donor_merges VALUES ({second}, {third}, {now})",
    "INSERT INTO donor_merges VALUES ({first}, {third}, {now})",
    "INSERT INTO donor_merges VALUES ({third}, {first}, {now})",
    "INSERT INTO donor_merges VALUES ({third}, {third}, {now})",
    "UPDATE donor_merges SET into_id = {third}",
    "UPDATE donors SET user_id = {user} WHERE id = {first}",
]


def test_the_database_keeps_merges_in_one_step(two):
    first, second = two
    third, user = make_donor("Aminah Sani"), make_user(Role.DONOR)
    merge(first, second)
    ids = {
        "now": "'2026-11-24T00:00:00Z'",
        "first": first.id,
        "second": second.id,
        "third": third.id,
        "user": user.id,
    }
    assert not_refused(change.format(**ids) for change in CHAINS) == []


@pytest.mark.sqlite
def test_the_officer_does_it_by_two_buttons(app, two, session):
    first, second = two
    client = app.test_client()
    client.set_cookie("lang", "en")
    sign_in(client, make_user(Role.FUND_OFFICER))
    page = client.get(f"/donors/{second.public_id}").text
    assert "Merge into this file" in page
    answer = client.post(f"/donors/{first.public_id}/merge", data={"into": second.public_id})
    assert (answer.status_code, answer.location) == (303, f"/donors/{second.public_id}")
    assert "merged into this file" in client.get(answer.location).text
    assert "This file was merged into another" in client.get(f"/donors/{first.public_id}").text
    again = client.post(f"/donors/{first.public_id}/merge", data={"into": second.public_id})
    assert (again.status_code, "cannot be merged like this" in again.text) == (422, True)
    assert client.post(f"/donors/{first.public_id}/part").status_code == 303
    session.rollback()
    assert session.get(DonorMerge, first.id) is None


@pytest.mark.sqlite
def test_the_tax_details_are_those_of_the_file_that_stays(two):
    first, second = two

    def set_details(donor, address):
        unit_of_work(set_tax_details, donor.public_id, address=address, tax_id="", actor=OFFICER)

    def address_on_receipt(donor):
        receipt = queries.find_receipt_of(
            make_payment(700, fund_code="GENERAL", donor_id=donor.id).id
        )
        return open_content(receipt)["payer"]["address"]

    set_details(first, "1 Old Road")
    assert address_on_receipt(first) == "1 Old Road"
    merge(first, second)
    assert (address_on_receipt(first), find_details(first).address) == ("", "")
    set_details(first, "2 New Road")  # kept with the file that stays
    assert [address_on_receipt(donor) for donor in two] == ["2 New Road"] * 2
    part(first)
    assert [address_on_receipt(donor) for donor in two] == ["1 Old Road", "2 New Road"]


@pytest.mark.sqlite
def test_the_trail_names_the_other_donor(client, two):
    merge(*two)
    for role, name in ((Role.AUDITOR, "Aminah Sani"), (Role.ADMINISTRATOR, "Name not shown")):
        sign_in(client, make_user(role))
        page = client.get("/audit/trail?lang=en&action=giving:donor:merge").text
        assert two[1].public_id not in page
        assert page.count(name) >= 2

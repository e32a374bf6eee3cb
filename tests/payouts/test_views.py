"""The pages and commands of batches, once from beginning to end."""

import io

import pytest
from sqlalchemy import select

from fundapp.db import db, unit_of_work
from fundapp.disbursements.models import DisbursementRequest, RequestStatus
from fundapp.payouts import operations
from fundapp.payouts.models import PayoutBatch
from fundapp.payouts.queries import get_batch
from tests.factories.identity import app_code, make_user, sign_in
from tests.factories.payouts import make_batch, make_taken, release, result_file

pytestmark = pytest.mark.sqlite  # forms, pages and files, which no database changes


@pytest.fixture
def browse(app):
    """A browser of somebody."""

    def open_for(user):
        client = app.test_client()
        client.set_cookie("lang", "en")
        sign_in(client, user)
        return client

    return open_for


def upload(content):
    return {"file": (io.BytesIO(content), "result.csv")}


def test_the_pages_from_making_to_a_failed_line(hands, browse):
    maker, releaser, taker = map(browse, (hands.maker, hands.releaser, hands.taker))
    assert "No batch was made yet" in maker.get("/payouts").text
    page = maker.get("/payouts/new").text
    assert all(request.number in page for request in hands.requests)
    empty = maker.post("/payouts/new", data={"account": "KTB-MAIN", "pay_on": "24/11/2569"})
    assert empty.status_code == 422
    assert "Tick at least one request" in empty.text
    form = {
        "account": "KTB-MAIN",
        "pay_on": "24/11/2569",
        "requests": [request.public_id for request in hands.requests],
        "form_id": "once",
    }
    made = [maker.post("/payouts/new", data=form) for _ in range(2)]
    assert [answer.status_code for answer in made] == [303, 303]
    batch = db.session.scalars(select(PayoutBatch)).one()
    url = f"/payouts/{batch.public_id}"
    assert maker.post(f"{url}/release", data={}).status_code == 403
    assert releaser.post(f"{url}/release", data={}).status_code == 303
    assert maker.post(f"{url}/file", data={"kind": "smart"}).status_code == 403
    answer = taker.post(f"{url}/file", data={"kind": "smart"})
    assert (answer.status_code, len(answer.data)) == (200, 3 * 322)
    assert answer.headers["Cache-Control"] == "no-store"
    assert taker.post(f"{url}/file", data={"kind": "csv"}).status_code == 409
    one, two, _three = [line.voucher for line in get_batch(batch.public_id).lines]
    bad = taker.post("/payouts/results", data=upload(b"PV1,perhaps,"))
    assert bad.status_code == 422
    assert "Line 1 cannot be read" in bad.text
    content = result_file([(one, "paid", ""), (two, "failed", "Account closed")])
    assert taker.post("/payouts/results", data=upload(content)).status_code == 303
    text = taker.get("/payouts").text
    assert "Failed at the bank" in text
    assert "Recorded at once: 2" in text
    auditor = browse(hands.team.auditor)
    assert "Aminah" not in auditor.get(url).text
    assert browse(make_user("case_manager", ("9506",))).get(url).status_code == 403
    failed = browse(hands.team.asker).get(f"/disbursements/{hands.requests[1].public_id}").text
    assert "Account closed" in failed


def test_a_batch_is_withdrawn_on_its_page(hands, browse):
    batch = make_batch(hands)
    url = f"/payouts/{batch.public_id}"
    assert browse(hands.maker).post(f"{url}/withdraw").status_code == 303
    assert "Withdrawn" in browse(hands.maker).get(url).text


def test_the_commands_take_the_file_and_its_result(hands, runner):
    batch = make_batch(hands)
    release(batch, hands)
    by = ["--by", hands.taker.email]

    def run(*words):
        code = app_code(hands.taker)
        return runner.invoke(args=["disbursements", *words, *by, "--code", code])

    wrong = ["disbursements", "bank-file", batch.number, "--format", "csv", *by, "--code", "000000"]
    assert "code is wrong" in runner.invoke(args=wrong).output
    taken = run("bank-file", batch.number, "--format", "csv")
    assert taken.exit_code == 0
    assert taken.output.count("PV") == 3
    again = run("bank-file", batch.number, "--format", "csv")
    assert again.exit_code == 1
    assert "taken already" in again.output


def test_the_command_of_results_goes_on_where_it_was(hands, runner, tmp_path):
    batch = make_taken(hands)
    lines = get_batch(batch.public_id).lines
    rows = [(line.voucher, "paid", "") for line in lines]
    file = tmp_path / "result.csv"
    file.write_bytes(result_file(rows))
    told = unit_of_work(operations.tell_results, file.read_bytes(), actor=hands.taker.as_actor())
    unit_of_work(operations.record_told, [lines[0].id], actor=hands.taker.as_actor())
    args = ["disbursements", "bank-result", str(file), "--by", hands.taker.email, "--code"]
    answer = runner.invoke(args=[*args, app_code(hands.taker)])
    assert told.new == 3
    assert "0 new, 3 known, 2 recorded" in answer.output
    db.session.expire_all()
    statuses = set(db.session.scalars(select(DisbursementRequest.status)))
    assert statuses == {RequestStatus.PAID}

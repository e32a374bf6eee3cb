"""A sample: its population frozen, drawn with a number, checked, projected and closed."""

import csv
import hashlib
import io
from datetime import date

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from fundapp.access.permissions import Role
from fundapp.audit.samples import operations, queries
from fundapp.audit.samples.drafts import SampleDraft, Scope
from fundapp.audit.samples.drawing import draw, share_out, strata_of
from fundapp.audit.samples.errors import (
    NoPopulationError,
    PopulationChangedError,
    SampleDaysError,
    SampleStateError,
)
from fundapp.audit.samples.models import Confidence, SampleMethod, SampleStatus, SeedSource
from fundapp.audit.samples.sizes import Checked, factor_of, project, size_for
from fundapp.audit.samples.workflow import SampleAction, next_sample_status
from fundapp.db import db, unit_of_work
from fundapp.errors import ForbiddenError
from fundapp.seeded_numbers import Stream
from tests.audit.tampering import tampered
from tests.factories.actors import AUDITOR, OFFICER
from tests.factories.books import make_fund, make_gift
from tests.factories.identity import make_user, sign_in
from tests.factories.samples import check_items, make_sample

#: Satang of the gifts, in their order; together 1,000,000.
AMOUNTS = [500_000, *[10_000] * 40, *[5_000] * 20]


@pytest.fixture
def books(build_once):
    """Sixty-one gifts of one day, the largest half of the money."""

    def make():
        make_fund("GENERAL")
        make_fund("EDUCATION")
        for satang in AMOUNTS:
            make_gift(satang)
        make_gift(7, "EDUCATION")
        return AMOUNTS

    return build_once("audit/samples", make)


def drawn_by_hand(rows, seed, size):
    """The monetary-unit sample as docs/sampling.md tells it, from the CSV alone."""
    lines = "".join(f"{row['entry']} {row['amount_satang']} {row['leaf_hash']}\n" for row in rows)
    population = hashlib.sha256(lines.encode()).digest()
    key = hashlib.sha256(b"sample-1\0" + seed.encode() + b"\0" + population).digest()
    amounts = [int(row["amount_satang"]) for row in rows]
    interval = sum(amounts) // size
    block = int.from_bytes(hashlib.sha256(key + bytes(8)).digest(), "big")
    units = [block % interval + step * interval for step in range(size)]
    hits, before = {}, 0
    for row, amount in zip(rows, amounts, strict=True):
        count = sum(1 for unit in units if before <= unit < before + amount)
        if count:
            hits[row["entry"]] = count
        before += amount
    return population.hex(), hits


def file_at(client, address):
    return list(csv.DictReader(io.StringIO(client.get(address).text.removeprefix("\ufeff"))))


def test_a_sample_is_frozen_drawn_checked_and_closed_through_the_pages(app, client, books):
    sign_in(client, make_user(Role.AUDITOR))
    client.set_cookie("lang", "en")
    data = {
        "from_on": "1/1/2026", "to_on": "31/12/2026", "kind": "donation", "fund": "GENERAL",
        "method": "monetary_unit", "confidence": "95", "materiality": "1,200", "expected": "100",
        "form_id": "once",
    }  # fmt: skip
    wrong = client.post("/audit/samples/new", data={**data, "expected": "900"})
    assert (wrong.status_code, "more than 1.6 times" in wrong.text) == (422, True)
    answer = client.post("/audit/samples/new", data=data)
    address = answer.location
    assert client.post("/audit/samples/new", data=data).location == address
    other = client.post("/audit/samples/new", data={**data, "confidence": "99"})
    assert (other.status_code, "with other content" in other.text) == (422, True)
    page = client.get(address).text
    assert "10,000.00 × 3.00 ÷ (1,200.00 − 100.00 × 1.60)" in page
    assert "29 entries" in page
    missing = client.post(f"{address}/draw", data={"source": "public"})
    assert (missing.status_code, "drawn in public" in missing.text) == (422, True)
    drawn = client.post(f"{address}/draw", data={"source": "public", "seed": "481516"})
    assert drawn.status_code == 303
    rows = file_at(client, f"{address}/again?format=csv")
    items = file_at(client, f"{address}?format=csv")
    population, hits = drawn_by_hand(rows, "481516", 29)
    assert population in client.get(address).text
    assert {row["entry"]: int(row["hits"]) for row in items} == hits
    assert "same entries in the same order" in client.get(f"{address}/again").text
    refused = client.post(f"{address}/items/1", data={"result": "exception", "error": "9,999"})
    assert (refused.status_code, "no more than 5,000.00" in refused.text) == (422, True)
    note = {"result": "exception", "error": "1.00", "note": "Receipt says less"}
    assert client.post(f"{address}/items/1", data=note).status_code == 303
    assert "Receipt says less" in client.get(f"{address}/items/1").text
    assert client.post(f"{address}/close").status_code == 422
    for row in items[1:]:
        done = client.post(f"{address}/items/{row['position']}", data={"result": "in_order"})
        assert done.status_code == 303
    page = client.get(address).text
    assert "The sample supports the books" in page
    assert client.post(f"{address}/close").status_code == 303
    assert client.post(f"{address}/items/1", data={"result": "in_order"}).status_code == 422
    assert client.post(f"{address}/draw", data={"source": "system"}).status_code == 422
    assert address.rpartition("/")[2] in client.get("/audit/samples").text
    assert client.get("/audit/samples/SA0/items/1").status_code == 404
    assert client.get("/audit/samples/nothing").status_code == 404
    sign_in(client, make_user(Role.FUND_OFFICER))
    assert client.get("/audit/samples").status_code == 403
    sign_in(client, make_user(Role.APPROVER))
    assert client.get(address).status_code == 200
    assert client.get("/audit/samples/new").status_code == 403


@pytest.mark.sqlite
def test_what_is_refused(session, books):
    for materiality, scope, error in (
        (100_000, {"to_on": date(2026, 1, 2), "from_on": date(2026, 1, 1)}, NoPopulationError),
        (100_000, {"to_on": date(2026, 1, 1), "from_on": date(2026, 1, 2)}, SampleDaysError),
    ):
        with pytest.raises(error):
            refused = {"from_on": date(2026, 1, 1), "to_on": date(2026, 12, 31), **scope}
            freeze(materiality, **refused)
    sample = make_sample(100_000, seed=None)
    for work in (
        lambda: operations.close_sample(sample.number, actor=AUDITOR),
        lambda: operations.draw_sample(sample.number, SeedSource.PUBLIC, "1", actor=OFFICER),
    ):
        with pytest.raises((SampleStateError, ForbiddenError)):
            unit_of_work(work)


def freeze(materiality, **scope):
    draft = SampleDraft(Scope(**scope), SampleMethod.RANDOM, Confidence.C99, materiality)
    unit_of_work(operations.freeze_sample, draft, key="key", actor=AUDITOR)


def test_a_changed_entry_is_noticed(session, books):
    waiting = make_sample(120_000, seed=None, fund_code="GENERAL")
    sample = make_sample(120_000, fund_code="GENERAL")
    make_gift(10_000)
    db.session.expire_all()
    assert queries.is_same_draw(queries.get_sample(sample.number))
    entry = queries.get_sample(sample.number).items[0].entry_id
    number = waiting.number
    with tampered(f"UPDATE journal_entries SET leaf_hash = content_hash WHERE id = {entry}"):
        db.session.expire_all()
        assert not queries.is_same_draw(queries.get_sample(sample.number))
        with pytest.raises(PopulationChangedError):
            operations.draw_sample(number, SeedSource.SYSTEM, actor=AUDITOR)


def test_the_database_keeps_samples(session, books):
    sample = make_sample(120_000, fund_code="GENERAL")
    number, key = sample.number, sample.id
    check_items(sample, range(1, 3))
    waiting = make_sample(120_000, seed=None)
    for statement in (
        f"UPDATE audit_samples SET size = 1 WHERE id = {key}",
        f"UPDATE audit_samples SET seed = '2' WHERE id = {key}",
        f"UPDATE audit_samples SET status = 'closed', closed_at = frozen_at, closed_by = 'a'"
        f" WHERE id = {key}",
        f"UPDATE audit_samples SET status = 'drawn', seed = '1', seed_source = 'public',"
        f" drawn_at = frozen_at, drawn_by = 'a' WHERE id = {waiting.id}",
        f"DELETE FROM audit_samples WHERE id = {waiting.id}",
        f"UPDATE audit_sample_items SET amount_satang = 1 WHERE sample_id = {key}",
        f"DELETE FROM audit_sample_items WHERE sample_id = {key}",
        f"INSERT INTO audit_sample_items SELECT sample_id, 99, min(entry_id) - 1, 1, 1, 1"
        f" FROM audit_sample_items WHERE sample_id = {key} GROUP BY sample_id",
        f"UPDATE audit_sample_strata SET amount_satang = 1 WHERE sample_id = {key}",
        f"UPDATE audit_sample_papers SET result = 'not_found', error_satang = 1"
        f" WHERE sample_id = {key}",
        f"DELETE FROM audit_sample_papers WHERE sample_id = {key}",
    ):
        with pytest.raises(DBAPIError):
            unit_of_work(lambda each=statement: db.session.execute(text(each)))
    count = len(queries.get_sample(number).items)
    check_items(sample, range(3, count + 1))
    unit_of_work(operations.close_sample, number, actor=AUDITOR)
    late = (
        f"INSERT INTO audit_sample_papers SELECT sample_id, position, 9, result, error_satang,"
        f" note_digest, written_by, written_at FROM audit_sample_papers WHERE sample_id = {key}"
        f" AND position = 1"
    )
    for statement in (late, f"UPDATE audit_samples SET status = 'drawn' WHERE id = {key}"):
        with pytest.raises(DBAPIError):
            unit_of_work(lambda each=statement: db.session.execute(text(each)))


@pytest.mark.sqlite
def test_drawing_and_sizes():
    """Pure: no database."""
    assert [factor_of(Confidence.C95, errors) for errors in range(4)] == [300, 475, 630, 776]
    assert [factor_of(each) for each in Confidence] == [161, 231, 300, 461]
    assert size_for(1_000_000, 61, Confidence.C95, 120_000, 0) == 25
    assert size_for(1_000_000, 10, Confidence.C95, 120_000, 0) == 10
    assert size_for(1_000_000, 61, Confidence.C95, 16_000, 10_000) is None
    for method in SampleMethod:
        strata = strata_of(method, AMOUNTS, 120_000)
        rows = [
            draw(method, AMOUNTS, size=25, strata=strata, stream=Stream(seed, b"\1" * 32))
            for seed in ("a", "a", "b")
        ]
        assert rows[0] == rows[1] != rows[2]
        assert sum(row.hits for row in rows[0]) == 25
        assert len({row.index for row in rows[0]}) == len(rows[0])
    assert strata_of(SampleMethod.STRATIFIED, AMOUNTS, 120_000)[0] == [0]
    assert share_out(10, {1: (2, 900), 2: (50, 100)}) == {1: 2, 2: 8}
    assert share_out(0, {}) == {}
    everything = draw(
        SampleMethod.RANDOM, [5, 1, 1], size=3, strata={1: [0, 1, 2]}, stream=Stream("", b"")
    )
    assert sorted(row.index for row in everything) == [0, 1, 2]


@pytest.mark.sqlite
def test_projection():
    """Pure: no database."""
    checked = [Checked(50_000, 1_000, 1), Checked(10_000, 2_500, 1), Checked(5_000, 0, 1)]
    by_unit = project(
        SampleMethod.MONETARY_UNIT, checked,
        strata={1: 1_000_000}, size=25, confidence=Confidence.C95,
    )  # fmt: skip
    # 1,000 of the large one; a quarter of the interval of 40,000; 3.00 intervals, and 0.75 of it.
    assert (by_unit.projected, by_unit.upper) == (11_000, 1_000 + 10_000 + 120_000 + 7_500)
    by_ratio = project(
        SampleMethod.STRATIFIED,
        [*checked, Checked(100, 50, 2)],
        strata={1: 130_000, 2: 1_001},
        size=4,
        confidence=Confidence.C95,
    )
    assert (by_ratio.found, by_ratio.projected, by_ratio.upper) == (3_550, 7_000 + 501, None)


@pytest.mark.sqlite
def test_every_pair_of_state_and_action():
    """Pure: no database."""
    allowed = {
        (SampleStatus.FROZEN, SampleAction.DRAW): SampleStatus.DRAWN,
        (SampleStatus.DRAWN, SampleAction.CHECK): SampleStatus.DRAWN,
        (SampleStatus.DRAWN, SampleAction.CLOSE): SampleStatus.CLOSED,
    }
    for status in SampleStatus:
        for action in SampleAction:
            if (status, action) in allowed:
                assert next_sample_status(status, action) is allowed[status, action]
            else:
                with pytest.raises(SampleStateError):
                    next_sample_status(status, action)

"""The trail as a page: found by person, thing, verb and time; reading it leaves a line too."""

import csv
import io
import re
from datetime import timedelta

import pytest
from sqlalchemy import select

from fundapp.access.permissions import Role
from fundapp.audit.labels import EVENTS
from fundapp.db import db, unit_of_work
from fundapp.trail.models import AuditEvent
from fundapp.trail.operations import record_event
from fundapp.trail.registry import labels
from tests.architecture.sources import modules
from tests.factories.actors import OFFICER, WORKER
from tests.factories.identity import make_user, sign_in

pytestmark = pytest.mark.sqlite


@pytest.fixture
def auditor(session, clock):
    return make_user(Role.AUDITOR, name="Auditor Aree")


@pytest.fixture
def desk(auditor, client):
    sign_in(client, auditor)
    client.set_cookie("lang", "en")
    return client


def happen(action, subject_type, ref, *, actor=OFFICER, note="", changes=None):
    unit_of_work(
        record_event,
        action,
        actor=actor,
        subject_type=subject_type,
        subject_ref=ref,
        note=note,
        changes=changes,
    )


def found(desk, **filters):
    """The things that the file of the trail names."""
    answer = desk.get("/audit/trail", query_string={**filters, "format": "csv"})
    assert answer.status_code == 200
    rows = csv.DictReader(io.StringIO(answer.text.lstrip("\ufeff")))
    return [row["number"] for row in rows if row["thing"] in {"fund", "pledge"}]


def test_it_shows_who_did_what_with_the_values_before_and_after(desk):
    happen("ledger:fund:let-go-limit", "fund", "YAWI", changes={"limit": ("1.00", "5.00")})
    page = desk.get("/audit/trail").text
    assert "Limit of what is let go set" in page
    assert "limit:" in page
    assert "1.00 → 5.00" in " ".join(page.split())


def test_it_is_searched_by_person_thing_verb_and_day(desk, auditor, clock):
    somebody = make_user(Role.FUND_OFFICER, name="Somsri Officer")
    happen("ledger:fund:open", "fund", "OLD")
    clock.shift(timedelta(days=3))
    sign_in(desk, auditor)
    happen("ledger:fund:open", "fund", "NEW", actor=somebody.as_actor())
    happen("giving:pledge:extend", "pledge", "17", actor=WORKER)
    assert found(desk) == ["17", "NEW", "OLD"]
    for person in ("somsri", somebody.email, somebody.public_id):
        assert found(desk, person=person) == ["NEW"]
    assert found(desk, person="worker") == ["17"]
    assert found(desk, person="nobody of this name") == []
    assert found(desk, action="ledger:fund:open") == ["NEW", "OLD"]
    assert found(desk, subject="fund", subject_ref="OLD") == ["OLD"]
    assert found(desk, from_on="26/11/2026") == ["17", "NEW"]
    assert found(desk, to_on="24/11/2569") == ["OLD"]


def test_several_changes_stand_in_one_element_of_their_cell(desk):
    happen("x:y:z", "fund", "YAWI", changes={"goal_satang": ("1", "2"), "position": ("1", "2")})
    page = "".join(desk.get("/audit/trail").text.split())
    assert '<tdclass="text"data-label="Beforeandafter"><div><div>' in page
    assert "</div></div></td></tr>" in page


def test_a_number_without_a_kind_is_looked_for_in_all_kinds(desk, auditor):
    happen("ledger:fund:open", "fund", "NEW")
    happen("giving:pledge:extend", "pledge", "17")
    happen("ledger:period:close", "period", "2026-10-01")
    assert found(desk, subject_ref="new") == ["NEW"]
    assert found(desk, subject_ref="17") == ["17"]
    assert found(desk, subject_ref="nothing of this name") == []


def test_what_was_found_without_a_kind_is_written_down_and_what_was_typed_is_not(desk, auditor):
    happen("identity:user:disable", "user", auditor.public_id)
    for text in ("aree", "nothing of this name"):
        desk.get("/audit/trail", query_string={"subject_ref": text})
    query = select(AuditEvent.note).where(AuditEvent.action == "audit:journal:read")
    notes = db.session.scalars(query.order_by(AuditEvent.id)).all()
    assert notes == [f"subject=user number={auditor.public_id}", ""]
    assert "Thing: User; Its number: Auditor Aree" in desk.get("/audit/trail").text


@pytest.mark.parametrize("subject", ["period", "publication"])
def test_what_is_no_month_finds_nothing(desk, subject):
    answer = desk.get(f"/audit/trail?subject={subject}&subject_ref=x")
    assert (answer.status_code, "Nothing found" in answer.text) == (200, True)


@pytest.mark.parametrize("name", ["The program by itself", "worker"])
def test_a_process_is_found_by_the_name_that_the_hint_says(desk, name):
    happen("giving:pledge:extend", "pledge", "17", actor=WORKER)
    happen("ledger:fund:open", "fund", "NEW")
    assert found(desk, person=name) == ["17"]
    page = desk.get("/audit/trail").text
    assert "The program by itself" in page
    assert "command-line" not in page


@pytest.mark.parametrize(
    ("error", "sentence"),
    [
        ("NamedError", "The text named a child, a guardian or the payee of the request."),
        ("ChildNamedError", "The text may have held the name of a child."),
        ("GoneError", "This cannot be done."),
    ],
)
def test_a_refusal_is_a_sentence(desk, error, sentence):
    happen("identity:request:refuse", "page", "today.index", note=error)
    page = desk.get("/audit/trail").text
    assert sentence in page
    assert error not in page


def test_what_a_second_sheet_was_for_is_a_label(desk, auditor):
    happen("identity:user:second-sheet", "user", auditor.public_id, note="reset")
    page = desk.get("/audit/trail?action=identity:user:second-sheet").text
    assert '<span class="cell-note">Reset</span>' in " ".join(page.split())


def test_it_is_read_page_by_page(desk):
    for number in range(60):
        happen("ledger:fund:open", "fund", f"F{number:02}")
    first = desk.get("/audit/trail?subject=fund")
    assert "F59" in first.text
    assert "F05" not in first.text
    key, _, place = first.text.partition("after=")[2].partition('"')[0].partition("#")
    assert f'id="{place}"' in first.text, "the next page begins at the list"
    second = desk.get(f"/audit/trail?subject=fund&after={key}")
    assert "F05" in second.text
    assert "F59" not in second.text


def test_reading_it_leaves_a_line_that_names_whom_it_was_about(desk, auditor):
    somebody = make_user(Role.FUND_OFFICER, name="Somsri Officer")
    desk.get("/audit/trail", query_string={"person": "somsri", "subject_ref": "anything"})
    query = select(AuditEvent).where(AuditEvent.action == "audit:journal:read")
    event = db.session.scalars(query).one()
    assert (event.actor, event.subject_ref) == (auditor.public_id, "trail")
    assert event.note == f"person={somebody.public_id}"


@pytest.mark.parametrize(
    "query", ["from_on=x", "from_on=2/1/2026&to_on=1/1/2026", "action=no", "subject=no"]
)
def test_a_filter_that_cannot_be_read_is_told(desk, query):
    answer = desk.get(f"/audit/trail?{query}")
    assert answer.status_code == 422
    assert 'aria-invalid="true"' in answer.text


@pytest.mark.parametrize("role", list(Role))
def test_who_may_read_it(client, session, clock, role):
    sign_in(client, make_user(role))
    may = role in {Role.AUDITOR, Role.ADMINISTRATOR}
    assert client.get("/audit/trail").status_code == (200 if may else 403)


def test_everything_that_the_program_records_has_a_name(app):
    """Found in the code, so that a new verb gets its words."""
    text = "\n".join(path.read_text("utf-8") for path in modules())
    actions = set(re.findall(r'"([a-z-]+:[a-z-]+:[a-z-]+)"', text))
    subjects = set(re.findall(r'subject_type="([a-z_]+)"', text))
    assert len(actions) > 30
    assert len(subjects) > 10
    assert actions - set(EVENTS) == set()
    with app.test_request_context():
        assert subjects - set(labels()) == set()

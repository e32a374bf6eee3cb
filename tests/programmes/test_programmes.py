"""Phases of the programme: written, changed and kept; whom they reached, less what is small."""

import json
from datetime import timedelta

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from fundapp import clock as app_clock
from fundapp.access.permissions import Role
from fundapp.children.models import TargetGroup
from fundapp.db import db, unit_of_work
from fundapp.disbursements.drafts import LineDraft
from fundapp.errors import ForbiddenError, FormUsedError, StaleError
from fundapp.programmes.models import PhaseVersion, ProgrammePhase
from fundapp.programmes.operations import change_phase, open_phase
from fundapp.programmes.queries import list_phases
from tests.factories.actors import ADMINISTRATOR, OFFICER
from tests.factories.children import RAMAN, YAHA, make_child
from tests.factories.disbursements import THOUSAND, decide, make_request, make_team, pay
from tests.factories.identity import make_user, sign_in
from tests.factories.programmes import phase_draft

NAMES = ("ระยะที่ 1", "Phase 1", "Fasa 1")


@pytest.fixture
def helped(build_once):
    """Seven children at risk and two early ones of Raman, who got help today; one got none."""

    def make():
        team = make_team(100 * THOUSAND)
        groups = [TargetGroup.AT_RISK] * 6 + [TargetGroup.EARLY_CHILDHOOD] * 2
        children = [team.child, *(make_child(team.asker, target_group=each) for each in groups)]
        make_child(team.asker)
        lines = [LineDraft(child.public_id, 100_00) for child in children]
        for _time in range(2):
            request = make_request(team, lines=lines)
            pay(decide(request, team), team)
        return RAMAN

    return build_once("programmes/helped", make)


def test_children_are_counted_once_by_day_district_and_group(runner, helped):
    day = app_clock.today()
    for number, overrides in enumerate(
        (
            {},
            {"names": ("ระยะที่ 2", "", ""), "district_codes": (YAHA,)},
            {"names": ("ก่อน", "", ""), "starts_on": day - timedelta(days=9),
             "ends_on": day - timedelta(days=1)},
        )
    ):  # fmt: skip
        unit_of_work(open_phase, phase_draft(**overrides), key=str(number), actor=ADMINISTRATOR)
    result = runner.invoke(args=["programmes", "report", "--json"])
    phases = {each["name"]["th"]: each for each in json.loads(result.output)["phases"]}
    now = phases["ระยะที่ 1"]
    # Two early children are few; with them at least one more count is withheld, so that neither
    # follows from the totals.
    cells = {(row["district"], row["group"]): row["children"] for row in now["reached"]}
    assert cells[RAMAN, "early_childhood"] is None
    assert cells[RAMAN, "at_risk"] is None
    assert now["reached_total"] == 9
    assert now["paid_satang"] == 2 * 9 * 100_00
    assert now["targets"] == [
        {"groups": ["at_risk"], "district": None, "children": 4400, "reached": None}
    ]
    assert phases["ระยะที่ 2"]["reached_total"] == 0
    assert phases["ก่อน"]["reached_total"] == 0
    # It ended before the first help on record, so that nobody is counted says nothing.
    recorded = [phases[name]["is_recorded"] for name in ("ระยะที่ 1", "ระยะที่ 2", "ก่อน")]
    assert recorded == [True, True, False]
    told = runner.invoke(args=["programmes", "report"]).output
    assert "at_risk: withheld of 4,400" in told
    assert "all: no help of these days is on record" in told


def test_an_administrator_writes_and_changes_a_phase_and_what_it_said_stays(client, helped):
    administrator = make_user(Role.ADMINISTRATOR)
    sign_in(client, administrator)
    client.set_cookie("lang", "en")
    data = {
        "name_th": NAMES[0], "name_en": NAMES[1], "starts_on": "24/6/2562",
        "ends_on": "31/10/2563", "districts": [RAMAN, YAHA], "children_1": "4400",
        "groups_1": ["early_childhood"], "budget": "1,000,000", "form_id": "once",
    }  # fmt: skip
    for wrong, sentence in (
        ({"ends_on": "1/1/2562"}, "last day is before the first"),
        ({"districts": []}, "at least one district"),
        ({"groups_1": []}, "choose the groups"),
        ({"district_1": "9501"}, "one of the districts of the phase"),
        ({"note": "Call 081-234-5678"}, "telephone number"),
        ({"children_1": "many"}, "whole number"),
    ):
        refused = client.post("/programmes/new", data={**data, **wrong})
        assert refused.status_code == 422
        assert sentence in refused.text
        assert "4400" in refused.text or "many" in refused.text
    page = client.post("/programmes/new", data=data, follow_redirects=True)
    assert "4,400" in page.text
    assert client.post("/programmes/new", data=data).status_code == 303
    (phase,) = list_phases()
    address = f"/programmes/{phase.public_id}"
    form = client.get(f"{address}/change").text
    assert "4400" in form
    changed = {**data, "children_1": "4500", "version": "1", "form_id": "two"}
    assert client.post(f"{address}/change", data=changed).status_code == 303
    late = client.post(f"{address}/change", data={**changed, "form_id": "three"})
    assert late.status_code == 409
    page = client.get(address).text
    assert "4,500" in page
    assert "4,400" in page, "what it said before is shown"
    assert client.get("/programmes").status_code == 200
    trail = client.get("/audit/trail").text
    assert "Programme phase changed" in trail
    reader = make_user(Role.APPROVER)
    sign_in(client, reader)
    assert "4,500" in client.get(address).text
    assert client.get(f"{address}/change").status_code == 403


def test_what_a_phase_said_stays_whatever_program_writes(session):
    phase = unit_of_work(open_phase, phase_draft(), key="one", actor=ADMINISTRATOR)
    again = unit_of_work(open_phase, phase_draft(), key="one", actor=ADMINISTRATOR)
    assert again.id == phase.id
    unit_of_work(
        change_phase, phase.public_id, phase_draft(), version=1, key="two", actor=ADMINISTRATOR
    )
    with pytest.raises(StaleError):
        unit_of_work(
            change_phase, phase.public_id, phase_draft(), version=1, key="3", actor=ADMINISTRATOR
        )
    with pytest.raises(FormUsedError):
        unit_of_work(open_phase, phase_draft(), key="two", actor=ADMINISTRATOR)
    with pytest.raises(ForbiddenError):
        unit_of_work(open_phase, phase_draft(), key="four", actor=OFFICER)
    for table in (
        "programme_phases", "programme_phase_versions", "programme_phase_districts",
        "programme_targets", "programme_target_groups",
    ):  # fmt: skip
        column = "public_id" if table == "programme_phases" else "number"
        for statement in (f"UPDATE {table} SET {column} = {column}", f"DELETE FROM {table}"):
            with pytest.raises(DBAPIError):
                unit_of_work(db.session.execute, text(statement))
    wrong = (
        "INSERT INTO programme_phase_versions SELECT phase_id, 9, name_th, name_en, name_ms,"
        " ends_on, starts_on, budget_satang, note, written_by, written_at, 'x'"
        " FROM programme_phase_versions WHERE number = 1"
    )
    with pytest.raises(DBAPIError, match="days_in_order"):
        unit_of_work(db.session.execute, text(wrong))
    assert db.session.query(ProgrammePhase).count() == 1
    assert db.session.query(PhaseVersion).count() == 2

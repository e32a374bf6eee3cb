"""What the council sees: coverage, waiting and shares, counted into rows; small counts withheld."""

import csv
import io
from datetime import UTC, datetime, time, timedelta

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from fundapp import clock as app_clock
from fundapp.access.permissions import Role
from fundapp.children.models import TargetGroup
from fundapp.council.models import CouncilReport
from fundapp.council.operations import count_council
from fundapp.council.queries import read_newest
from fundapp.db import db, unit_of_work
from fundapp.disbursements.drafts import LineDraft
from fundapp.errors import ForbiddenError
from fundapp.worker.rounds import Rounds
from tests.factories.actors import ADMINISTRATOR, MANAGER, OFFICER
from tests.factories.children import RAMAN, YAHA, make_child
from tests.factories.disbursements import THOUSAND, decide, make_request, make_team, pay
from tests.factories.identity import make_user, sign_in


@pytest.fixture
def counted(build_once):
    """In Raman fourteen children at risk, six of them helped with 100 baht each, two early ones and
    the one of the team; in Yaha seven at risk without help; five wait. The worker counted them.
    """

    def make():
        team = make_team(100 * THOUSAND)
        at_risk = [make_child(team.asker, target_group=TargetGroup.AT_RISK) for _ in range(14)]
        for _ in range(2):
            make_child(team.asker, target_group=TargetGroup.EARLY_CHILDHOOD)
        manager = make_user(Role.CASE_MANAGER, (YAHA,))
        for _ in range(7):
            make_child(manager, district_code=YAHA, target_group=TargetGroup.AT_RISK)
        lines = [LineDraft(child.public_id, 100_00) for child in at_risk[:6]]
        for _time in range(2):
            pay(decide(make_request(team, lines=lines), team), team)
        make_request(team, lines=lines[:5])
        Rounds().work_once()
        return app_clock.today()

    return build_once("council/counted", make)


def test_children_are_counted_once_and_nothing_small_is_told(counted, session):
    view = read_newest(actor=ADMINISTRATOR)
    assert view.report.day == counted
    assert view.of("known", YAHA, "at_risk") == view.of("without", YAHA) == 7
    assert view.of("helped", YAHA) == 0
    assert view.of("helped") == 6
    assert view.of("without") == 18
    # Two or three early children of Raman are withheld, in each of the three tables that add up;
    # so is another cell of their row, from which they would follow.
    for kind, figures in view.figures.items():
        counts = [value for value in figures.values() if value is not None]
        if kind.value in ("known", "helped", "without"):
            hidden = {column for (place, column), value in figures.items()
                      if place == RAMAN and value is None}  # fmt: skip
            assert {"early_childhood", "at_risk"} <= hidden, kind
        if kind.value not in ("median_days", "ninety_days", "help_satang"):
            assert not [count for count in counts if 0 < count < 5], kind
    assert view.of("helped_need", RAMAN, "education") == 6
    assert view.of("waiting_need", RAMAN, "education") == 5
    assert view.of("median_days", column="education") == 0
    assert view.of("ninety_days", YAHA) is None, "nobody was helped there"
    assert view.of("help_satang") == view.of("help_satang", RAMAN) == 12 * 100_00
    assert view.per_child() == 12 * 100_00 // 24
    assert view.share("help_satang", RAMAN) == 100
    with pytest.raises(ForbiddenError):
        read_newest(actor=MANAGER)


def test_figures_stand_for_a_week_and_stay(counted, session, runner, clock):
    with pytest.raises(ForbiddenError):
        unit_of_work(count_council, actor=OFFICER)
    assert "already" in runner.invoke(args=["council", "count"]).output
    noon = datetime.combine(counted, time(5), UTC)
    clock.move_to(noon + timedelta(days=6))
    Rounds().work_once()
    assert session.query(CouncilReport).count() == 1
    assert "counted\n" in runner.invoke(args=["council", "count"]).output
    session.rollback()
    assert session.query(CouncilReport).count() == 2
    kept = "append-only"
    for statement, words in (
        ("UPDATE council_figures SET value = value", kept),
        ("DELETE FROM council_figures", kept),
        ("UPDATE council_reports SET day = day", kept),
        ("DELETE FROM council_reports", kept),
        (
            "INSERT INTO council_figures SELECT report_id, kind, 'x', column_name, 4"
            " FROM council_figures WHERE kind = 'helped' AND district_code = ''",
            "not_small",
        ),
    ):
        with pytest.raises(DBAPIError, match=words):
            unit_of_work(db.session.execute, text(statement))


@pytest.mark.sqlite  # A page and a file.
def test_the_council_sees_it_and_takes_it_away(counted, client):
    sign_in(client, make_user(Role.APPROVER))
    page = client.get("/council?lang=en").text
    assert "Half waited at most" in page
    assert "withheld" in page
    assert "50.00" in page, "baht for each child of the province"
    assert "70.58" in page, "and of Raman, where the help went"
    sent = client.get("/council?format=csv")
    rows = list(csv.DictReader(io.StringIO(sent.text.removeprefix("\ufeff"))))
    found = {(row["kind"], row["district"], row["group_or_need"]): row["value"] for row in rows}
    assert found["known", YAHA, "at_risk"] == "7"
    assert found["known", RAMAN, "early_childhood"] == ""
    sign_in(client, make_user(Role.CASE_MANAGER, (RAMAN,)))
    assert client.get("/council").status_code == 403


@pytest.mark.sqlite  # A page without rows.
def test_before_the_first_count_the_page_says_so(session, client):
    sign_in(client, make_user(Role.AUDITOR))
    assert "Nothing is counted yet" in client.get("/council?lang=en").text
    assert client.get("/council?lang=en&format=csv").status_code == 200

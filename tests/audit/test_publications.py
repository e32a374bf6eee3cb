"""The check of published figures: whatever is changed by raw SQL turns it red, it alone."""

from datetime import UTC, date, datetime

import pytest

from fundapp.audit.checks import CHECKS, Run
from fundapp.db import db, unit_of_work
from fundapp.transparency.digest import publication_digest
from fundapp.transparency.operations import publish_months
from fundapp.transparency.queries import find_published
from tests.audit.tampering import tamper, tampered, unguarded
from tests.factories.actors import WORKER
from tests.factories.children import RAMAN, YAHA
from tests.factories.disbursements import THOUSAND, help_children, make_team

NOVEMBER, DECEMBER = date(2026, 11, 1), date(2026, 12, 1)
RISEN = f"kind = 'help_paid' AND district_code = '{RAMAN}' AND month_on = '2026-11-01'"
COUNTED = f"kind = 'children_helped' AND district_code = '{RAMAN}'"
HIDDEN = f"kind = 'help_paid' AND district_code = '{YAHA}'"

#: What is changed, and what the check says of it.
CHANGES = [
    (f"UPDATE published_figures SET value = value + 1 WHERE {RISEN}", "not as it was published"),
    (f"DELETE FROM published_figures WHERE {RISEN}", "not as it was published"),
    (
        "INSERT INTO published_figures VALUES ('2026-11-01', 'help_paid', 'NEW', '', NULL, NULL)",
        "not as it was published",
    ),
    (
        "UPDATE publications SET figures_sha256 = (SELECT figures_sha256 FROM publications"
        " WHERE month_on = '2026-12-01') WHERE month_on = '2026-11-01'",
        "not as it was published",
    ),
]
#: The same by somebody who also computes the digests anew.
HIDDEN_CHANGES = [
    (f"UPDATE published_figures SET value = value + 1 WHERE {RISEN}", "did not rise by what"),
    (
        f"UPDATE published_figures SET value = 300000, rose_in = '2026-11-01' WHERE {HIDDEN}",
        "rose by the help of few children",
    ),
    (
        "UPDATE published_figures SET value = value + 3, rose_in = month_on"
        f" WHERE {COUNTED} AND month_on = '2026-12-01'",
        "rose by a small number",
    ),
    (f"UPDATE published_figures SET value = value + 1 WHERE {COUNTED}", "is not what was recorded"),
]


JANUARY = datetime(2027, 1, 2, tzinfo=UTC)


@pytest.fixture
def published(build_once, clock):
    """Eleven children of one district in November, three of another; nothing in December."""

    def build():
        team = make_team(available_satang=100 * THOUSAND)
        help_children(team, 11)
        help_children(team, 3, district=YAHA)
        clock.move_to(JANUARY)
        unit_of_work(publish_months, actor=WORKER)

    build_once("audit/publications", build)
    clock.move_to(JANUARY)


def red():
    return {check.name for check in CHECKS if any(Run().find(check))}


def problems():
    (check,) = (check for check in CHECKS if check.name == "transparency.published")
    return {violation.problem for violation in check.find()}


def test_what_was_published_is_green(published):
    assert red() == set()


@pytest.mark.parametrize(("statement", "problem"), CHANGES)
def test_rows_that_were_changed(published, statement, problem):
    table = statement.split()[2 if statement.startswith(("INSERT", "DELETE")) else 1]
    tamper(table, statement)
    assert red() == {"transparency.published"}
    assert any(problem in each for each in problems())


@pytest.mark.parametrize(("statement", "problem"), HIDDEN_CHANGES)
def test_figures_that_were_changed_with_their_digests(published, statement, problem):
    with tampered(statement), unguarded("publications"):
        digest = b""
        for month in (NOVEMBER, DECEMBER):
            found = find_published(month)
            digest = publication_digest(month, found.figures, digest)
            found.publication.figures_sha256 = digest
            db.session.flush()
        assert problem in " ".join(problems())

"""What a loaded demo holds, and where a load is refused."""

import json

import pytest
from sqlalchemy import func, select, text

from demo.folder import find_sign_ins, statements_folder
from demo.handouts import HANDOUTS
from fundapp.access.permissions import Role
from fundapp.banking.models import LineStatus, StatementLine
from fundapp.banking.operations import import_statement, match_certain
from fundapp.banking.statement_files.parsed import StatementRejected
from fundapp.banking.statement_files.parsing import parse_statement
from fundapp.banking.statement_files.profiles import PROFILES
from fundapp.children.models import Child, ChildStatus
from fundapp.db import db, unit_of_work
from fundapp.disbursements.models import DisbursementRequest, RequestStatus
from fundapp.giving.models import DonorKind, Payment, PaymentStatus, Pledge, PledgeStatus
from tests.demo.conftest import demo_app, load
from tests.factories.actors import OFFICER


def values_of(column):
    return set(db.session.scalars(select(column).distinct()))


def totals():
    """Debits and credits of every account, and how many rows the story left."""
    balances = db.session.execute(
        text(
            "SELECT account_code, fund_code, sum(debit_satang), sum(credit_satang)"
            " FROM account_months GROUP BY account_code, fund_code ORDER BY 1, 2"
        )
    ).all()
    counts = [
        db.session.scalar(select(func.count()).select_from(table))
        for table in (Pledge, Payment, Child, DisbursementRequest, StatementLine)
    ]
    return [tuple(row) for row in balances], counts


def content(place):
    return (statements_folder() / HANDOUTS[place].name).read_bytes()


def take_in(place, account="KTB-MAIN", profile="ktb"):
    return unit_of_work(
        import_statement,
        content(place),
        file_name="statement.csv",
        account_code=account,
        profile_name=profile,
        actor=OFFICER,
    )


def test_every_state_is_there(demo):
    with demo.app_context():
        assert values_of(DisbursementRequest.status) == set(RequestStatus)
        assert values_of(Payment.status) == set(PaymentStatus)
        assert values_of(Child.status) == set(ChildStatus)
        assert values_of(StatementLine.status) >= {LineStatus.MATCHED, LineStatus.IGNORED}
        assert {PledgeStatus.ACTIVE, PledgeStatus.COMPLETED} <= values_of(Pledge.status)


def test_every_check_of_the_auditor_is_green(demo):
    result = demo.test_cli_runner().invoke(args=["audit", "check", "--format", "json"])
    red = [one for one in json.loads(result.output)["checks"] if not one["green"]]
    assert red == []


def test_debits_are_credits(demo):
    with demo.app_context():
        balances, _ = totals()
    assert sum(row[2] for row in balances) == sum(row[3] for row in balances) > 0


def test_two_loads_are_alike(demo, databases, tmp_path):
    with demo.app_context():
        first = totals()
    with demo_app(databases, tmp_path) as app:
        load(app.test_cli_runner())
        with app.app_context():
            assert totals() == first


def test_there_is_somebody_for_each_role(demo):
    with demo.app_context():
        found = find_sign_ins()
    assert {one.role for one in found} == {role.value for role in Role}
    assert all(len(one.password) >= 15 for one in found)
    printed = demo.test_cli_runner().invoke(args=["demo", "sign-ins"]).output
    assert all(one.email in printed and one.password in printed for one in found)


def test_each_can_sign_in_and_find_the_day(demo):
    with demo.app_context():
        found = find_sign_ins()
    for one in found:
        client = demo.test_client()
        entered = client.post("/sign-in", data={"email": one.email, "password": one.password})
        assert entered.status_code in {302, 303}


def test_clean_files_are_read(demo):
    with demo.app_context():
        for place, handout in enumerate(HANDOUTS):
            if place != 2:
                parsed = parse_statement(content(place), PROFILES[handout.profile])
                assert parsed.lines


def test_the_zakat_file_is_in_the_old_encoding(demo):
    with demo.app_context():
        data = content(1)
    assert data.decode("cp874").startswith("Date,Time,Descriptions")
    assert not data.startswith(b"\xef\xbb\xbf")


def test_the_file_in_trouble_tells_all_its_troubles(demo):
    with demo.app_context(), pytest.raises(StatementRejected) as caught:
        parse_statement(content(2), PROFILES["ktb"])
    codes = {error.code for error in caught.value.errors}
    assert {"running_balance", "bad_date", "both_sides"} <= codes


def test_files_match_open_instalments_and_overlap(databases, tmp_path):
    with demo_app(databases, tmp_path) as app:
        load(app.test_cli_runner())
        with app.app_context():
            taken = take_in(0)
            found = unit_of_work(match_certain, taken.statement.public_id, actor=OFFICER, step=None)
            again = take_in(3)
    assert found.matched >= 3
    assert found.refused == ()
    assert again.new_lines == 0
    assert again.known_lines > taken.new_lines


def test_a_database_in_use_is_left_alone(demo):
    runner = demo.test_cli_runner()
    with demo.app_context():
        before = totals()
    quiet, refused = load(runner, "--if-empty"), load(runner)
    assert (quiet.exit_code, quiet.output) == (0, "")
    assert refused.exit_code == 1
    assert "The database is in use" in refused.output
    with demo.app_context():
        assert totals() == before


def test_no_demo_in_service(databases, tmp_path):
    with demo_app(databases, tmp_path, DEMO=False) as app:
        runner = app.test_cli_runner()
        for command in (["load"], ["sign-ins"], ["statements", "--to", str(tmp_path)]):
            result = runner.invoke(args=["demo", *command])
            assert result.exit_code == 1
            assert "in service" in result.output


def test_files_are_copied(demo, tmp_path):
    result = demo.test_cli_runner().invoke(args=["demo", "statements", "--to", str(tmp_path)])
    assert result.exit_code == 0
    assert {path.name for path in tmp_path.iterdir()} == {one.name for one in HANDOUTS}


def test_larger_demos_keep_every_rule(databases, tmp_path):
    with demo_app(databases, tmp_path) as app:
        runner = app.test_cli_runner()
        result = runner.invoke(args=["demo", "load", "--size", "nation", "--scale", "0.003"])
        assert result.exit_code == 0, result.output
        assert "2,290 entries" in result.output
        checked = runner.invoke(args=["audit", "check"])
        assert checked.exit_code == 0, checked.output
        with app.app_context():
            kinds = db.session.execute(text("SELECT count(*) FROM donors")).scalar_one()
            assert kinds > len(DonorKind)

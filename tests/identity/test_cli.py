"""`flask users` and `flask identity`."""

import json

import pytest
from sqlalchemy import func, select

from fundapp.access.permissions import Role
from fundapp.identity.models import User, UserStatus
from fundapp.identity.queries import find_user_by_email
from tests.factories.identity import PASSWORD, make_user, sign_in, sign_in_by_form
from tests.identity.helpers import accept, code_on

pytestmark = pytest.mark.sqlite


def create(runner, *options, stdin=None):
    return runner.invoke(args=["users", "create", *options], input=stdin)


def test_an_invitation_is_printed_and_lets_its_person_in(app, runner, session):
    result = create(
        runner, "Yusuf@example.org", "--role", "case_manager", "--district", "9506",
        "--district", "9505", "--name", "Yusuf",
    )  # fmt: skip
    assert result.exit_code == 0, result.output
    url = result.output.splitlines()[-1]
    assert url.startswith("http://127.0.0.1:8000/invitations/")
    user = find_user_by_email("yusuf@example.org")
    assert (user.name, user.district_codes()) == ("Yusuf", {"9505", "9506"})
    assert (user.status, user.password_hash) == (UserStatus.INVITED, None)
    accept(app.test_client(), code_on(result.output))
    session.expire_all()
    assert user.status is UserStatus.ACTIVE


def test_an_earlier_invitation_ends_with_a_newer_one(app, runner, client, session):
    first = code_on(create(runner, "a@example.org", "--role", "auditor").output)
    second = runner.invoke(args=["users", "invite", "a@example.org"])
    assert second.exit_code == 0, second.output
    assert "over" in client.get(f"/invitations/{first}?lang=en").text
    accept(client, code_on(second.output))
    again = runner.invoke(args=["users", "invite", "a@example.org"])
    assert (again.exit_code, "has a password already" in again.output) == (1, True)


def test_the_command_line_resets_a_sign_in(app, runner, client, session):
    user = make_user(Role.ADMINISTRATOR)
    sign_in(client, user)
    result = runner.invoke(args=["users", "reset", user.email])
    assert result.exit_code == 0, result.output
    assert client.get("/sessions").status_code == 302
    accept(app.test_client(), code_on(result.output))
    assert runner.invoke(args=["users", "reset", "nobody@example.org"]).exit_code == 1


def test_a_password_is_taken_from_standard_input_in_a_demo(runner, client, session):
    make_user(Role.ADMINISTRATOR)
    result = create(
        runner, "a@example.org", "--role", "donor", "--password-stdin", stdin=f"{PASSWORD}\n"
    )
    assert result.exit_code == 0, result.output
    assert PASSWORD not in result.output
    sign_in_by_form(client, find_user_by_email("a@example.org"))


def test_in_service_only_the_first_administrator_has_a_password_from_there(app, runner, session):
    app.config["DEMO"] = False
    refused = create(runner, "a@example.org", "--role", "auditor", "--password-stdin",
                     stdin=f"{PASSWORD}\n")  # fmt: skip
    assert (refused.exit_code, "first administrator" in refused.output) == (1, True)
    first = create(runner, "b@example.org", "--role", "administrator", "--password-stdin",
                   stdin=f"{PASSWORD}\n")  # fmt: skip
    assert first.exit_code == 0, first.output
    second = create(runner, "c@example.org", "--role", "administrator", "--password-stdin",
                    stdin=f"{PASSWORD}\n")  # fmt: skip
    assert (second.exit_code, "an invitation is printed" in second.output) == (1, True)
    assert session.scalar(select(func.count(User.id))) == 1
    assert create(runner, "c@example.org", "--role", "administrator").exit_code == 0


@pytest.mark.parametrize(
    ("options", "stdin", "sentence"),
    [
        (["a@example.org", "--role", "auditor"], "short\n", "at least 15 characters"),
        (["a@example.org", "--role", "auditor"], "\n", "at least 15 characters"),
        (["a@example.org", "--role", "auditor"], "x1" * 65, "at most 128 characters"),
        (["no-address", "--role", "auditor"], PASSWORD, "like name@example.org"),
        (["taken@example.org", "--role", "auditor"], PASSWORD, "may sign in already"),
        (["a@example.org", "--role", "king"], PASSWORD, "king"),
        (["a@example.org"], PASSWORD, "--role"),
        (["a@example.org", "--role", "case_manager", "--district", "1"], PASSWORD, "no district"),
    ],
)
def test_errors_are_reported_and_nobody_is_added(runner, session, options, stdin, sentence):
    make_user(Role.DONOR, email="taken@example.org")
    result = create(runner, *options, "--password-stdin", stdin=stdin)
    assert result.exit_code != 0
    assert sentence in result.output
    assert session.scalar(select(func.count(User.id))) == 1


def test_a_person_is_disabled(runner, client, session):
    user = make_user(Role.AUDITOR)
    sign_in(client, user)
    assert runner.invoke(args=["users", "disable", user.email]).exit_code == 0
    assert client.get("/sessions").status_code == 302
    assert runner.invoke(args=["users", "disable", "nobody@example.org"]).exit_code == 1


def test_the_last_administrator_stays(runner, session):
    user = make_user(Role.ADMINISTRATOR)
    result = runner.invoke(args=["users", "disable", user.email])
    assert (result.exit_code, "last administrator" in result.output) == (1, True)


def test_the_matrix_as_a_table(runner):
    result = runner.invoke(args=["identity", "matrix"])
    assert result.exit_code == 0
    heading, *lines = result.output.splitlines()
    assert heading.split()[-len(Role) - 1 :] == ["anonymous", *Role]
    users = next(line for line in lines if line.startswith("/users ") and "GET" in line)
    assert users.split()[-10:] == ["user:manage", *["-"] * 7, "yes", "-"]
    assert "case_manager + approver          by exception" in lines
    assert "auditor + administrator          refused" in lines
    assert "donor + approver                 allowed" in lines


def test_the_matrix_with_the_pairs_for_machines(runner):
    both = json.loads(runner.invoke(args=["identity", "matrix", "--json"]).output)
    assert both["routes"] == json.loads(
        runner.invoke(args=["identity", "matrix", "--format", "json"]).output
    )
    pairs = {(row["role"], row["other"]): row["combination"] for row in both["pairs"]}
    assert len(pairs) == len(Role) * (len(Role) - 1) / 2
    assert pairs["case_manager", "approver"] == "by exception"
    assert pairs["donor", "auditor"] == "refused"


def test_the_matrix_for_machines(runner):
    rows = json.loads(runner.invoke(args=["identity", "matrix", "--format", "json"]).output)
    route = next(row for row in rows if row["endpoint"] == "identity.sign_in")
    assert route["permission"] == "public"
    assert (route["rule"], route["methods"]) == ("/sign-in", ["GET"])
    assert route["allowed"] == dict.fromkeys(["anonymous", *Role], True)

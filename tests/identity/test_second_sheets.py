"""One administrator uses nobody else's account: on paper two print, by mail the owner alone reads.

Each test is a way that an administrator tries alone.
"""

import re

import pytest
from sqlalchemy import select, text
from sqlalchemy.exc import DBAPIError

from fundapp import clock as clocks
from fundapp.access.permissions import Role
from fundapp.db import unit_of_work
from fundapp.errors import ForbiddenError
from fundapp.identity import errors, operations
from fundapp.identity.models import Delivery, Invitation, UserStatus
from fundapp.identity.queries import RECENT, count_resets, find_user_by_email
from fundapp.mail.models import MailMessage
from fundapp.proposals.errors import ResetBetweenError
from tests.factories.actors import COMMAND_LINE, VISITOR
from tests.factories.identity import make_user, sign_in
from tests.identity.helpers import accept, actions, code_on, is_signed_in, set_up_app

CHOSEN = "durian ferry 17 umbrella"
NEW = {"email": "new@example.org", "name": "Aminah", "role": "fund_officer"}


@pytest.fixture
def people(build_once, clock):
    """An administrator who tries it, another one, and an officer."""
    return build_once("identity/second sheets", make_people)


def make_people():
    return {
        "one": make_user(Role.ADMINISTRATOR, name="Chan"),
        "two": make_user(Role.ADMINISTRATOR, name="Dao"),
        "officer": make_user(Role.FUND_OFFICER, name="Mali"),
    }


@pytest.fixture
def desks(app, people):
    """The browsers of the two administrators."""
    found = {}
    for name in ("one", "two"):
        found[name] = app.test_client()
        sign_in(found[name], people[name])
        found[name].set_cookie("lang", "en")
    return found


def second_on(page):
    """The code that stands on a second sheet."""
    return re.search(r"\b[A-Z2-7]{4}(?:-[A-Z2-7]{4}){3}\b", page.text).group(0)


def choose(app, code, second="", password=CHOSEN):
    """Somebody tries to choose a password; the answer, and the browser."""
    client = app.test_client()
    client.set_cookie("lang", "en")
    data = {"password": password, "again": password, "second": second}
    return client.post(f"/invitations/{code}", data=data), client


def reset(desk, person, **form):
    return desk.post(f"/users/{person.public_id}/reset", data=form)


def second_sheet(desk, person):
    return desk.post(f"/users/{person.public_id}/second-sheet")


def invitation_of(session, person):
    session.expire_all()
    statement = select(Invitation).where(Invitation.user_id == person.id)
    return session.scalars(statement.order_by(Invitation.id.desc())).first()


def test_both_sheets_let_the_person_in(app, desks, people, session):
    code = code_on(reset(desks["one"], people["officer"]))
    page = app.test_client().get(f"/invitations/{code}?lang=en").text
    assert "Code on the second sheet" in page
    assert "Second sheets of invitations to print" in desks["two"].get("/today").text
    assert "Mali" in desks["two"].get("/users/invitations?sheets=1").text
    assert (
        "Chan printed the first sheet"
        in desks["two"].get(f"/users/{people['officer'].public_id}").text
    )
    sheet = second_sheet(desks["two"], people["officer"])
    assert sheet.status_code == 201
    assert code not in sheet.text
    answer, person = choose(app, code, second_on(sheet).lower())
    assert answer.headers["Location"] == "/factors/set-up"
    set_up_app(person, clocks.now())
    assert is_signed_in(person)
    assert "Second sheets of" not in desks["two"].get("/today").text
    row = desks["one"].get("/users/invitations").text
    assert "Chan, Dao" in row
    assert actions(session).count("identity:user:second-sheet") == 1


@pytest.mark.sqlite
def test_the_first_sheet_alone_opens_nothing(app, desks, people, session):
    code = code_on(reset(desks["one"], people["officer"]))
    answer, person = choose(app, code)
    assert answer.status_code == 422
    assert "The second sheet has not been printed yet." in answer.text
    second_sheet(desks["two"], people["officer"])
    for wrong in ("", code, code[:16], "A" * 16, "🙂"):
        answer, person = choose(app, code, wrong)
        assert (answer.status_code, is_signed_in(person)) == (422, False)
        assert "This is not the code on the second sheet." in answer.text
    session.expire_all()
    assert people["officer"].status is UserStatus.INVITED


@pytest.mark.sqlite
def test_the_second_sheet_alone_opens_nothing(app, desks, people, session):
    reset(desks["one"], people["officer"])
    second = second_on(second_sheet(desks["two"], people["officer"])).replace("-", "")
    assert app.test_client().get(f"/invitations/{second}").status_code == 404
    assert app.test_client().post("/invitations", data={"code": second}).status_code == 422
    assert choose(app, second, second)[0].status_code == 404


@pytest.mark.sqlite
def test_who_printed_the_first_sheet_does_not_print_the_second(desks, people, session):
    reset(desks["one"], people["officer"])
    page = desks["one"].get(f"/users/{people['officer'].public_id}").text
    assert "/second-sheet" not in page
    refused = second_sheet(desks["one"], people["officer"])
    assert refused.status_code == 422
    assert "You printed the first sheet." in refused.text
    assert invitation_of(session, people["officer"]).second_sha256 is None
    assert "Second sheets of" not in desks["one"].get("/today").text


@pytest.mark.sqlite
def test_inviting_again_needs_a_second_sheet_again(app, desks, people, session):
    """The second sheet of an earlier invitation is not one of a newer."""
    reset(desks["one"], people["officer"])
    second = second_on(second_sheet(desks["two"], people["officer"]))
    code = code_on(desks["one"].post(f"/users/{people['officer'].public_id}/invitation"))
    answer, _person = choose(app, code, second)
    assert answer.status_code == 422
    assert second_sheet(desks["one"], people["officer"]).status_code == 422
    answer, _person = choose(app, code, second_on(second_sheet(desks["two"], people["officer"])))
    assert answer.status_code == 303


@pytest.mark.sqlite
def test_paper_after_a_reset_by_mail_is_a_reset_on_paper(app, desks, people, session):
    """By mail he resets alone; the sheet that he then prints opens nothing, and counts as a reset
    of which its owner is told.
    """
    app.config["SMTP_URL"] = "smtp://mail.example.org"
    reset(desks["one"], people["officer"], delivery="mail")
    url = f"/users/{people['officer'].public_id}/invitation"
    code = code_on(desks["one"].post(url, data={"delivery": "paper"}))
    assert choose(app, code)[0].status_code == 422
    assert actions(session).count("identity:user:reset") == 1
    assert actions(session).count("identity:user:invite-again") == 1
    page = desks["one"].get(f"/users/{people['officer'].public_id}").text
    assert "Was invited again after a reset" in page
    assert count_resets(clocks.now() - RECENT) == 1
    told = session.scalars(
        select(MailMessage.body).where(MailMessage.to_address == people["officer"].email)
    ).all()
    assert any("แผ่น" in body or "sheet" in body for body in told)


@pytest.mark.sqlite
def test_a_new_person_is_invited_by_two_as_well(app, desks, people, session):
    """Else he would add three people, have their roles confirmed, and use their sheets."""
    code = code_on(desks["one"].post("/users", data=NEW))
    assert choose(app, code)[0].status_code == 422
    user = find_user_by_email(NEW["email"])
    second = second_on(second_sheet(desks["two"], user))
    assert choose(app, code, second)[0].status_code == 303


@pytest.mark.sqlite
def test_who_confirms_roles_sees_the_address(desks, people, session):
    """An account with the mailbox of the administrator would get its invitation by mail."""
    desks["one"].post("/users", data={**NEW, "email": "chans-other-mailbox@example.org"})
    page = desks["two"].get("/proposals").text
    assert "Aminah (chans-other-mailbox@example.org)" in page


@pytest.mark.sqlite
def test_without_a_second_administrator_nothing_is_printed(desks, people, session):
    """Nor when the second one is the person who is reset, or was disabled by the first."""
    refused = reset(desks["one"], people["two"])
    assert refused.status_code == 422
    assert "Nobody else could print the second sheet." in refused.text
    session.expire_all()
    assert people["two"].is_active
    desks["one"].post(f"/users/{people['two'].public_id}/disable")
    assert reset(desks["one"], people["officer"]).status_code == 422
    assert desks["one"].post("/users", data=NEW).status_code == 422
    session.expire_all()
    assert people["officer"].is_active
    assert find_user_by_email(NEW["email"]) is None


@pytest.mark.sqlite
def test_an_administrator_whom_he_reset_prints_no_second_sheet(app, desks, people, session):
    """By mail, or with a third one's help: for a week the two are one."""
    three = make_user(Role.ADMINISTRATOR)
    code = unit_of_work(
        operations.reset_sign_in, three.public_id, delivery=Delivery.MAIL,
        actor=people["one"].as_actor(),
    )  # fmt: skip
    unit_of_work(operations.accept_invitation, code, password=CHOSEN, actor=VISITOR)
    reset(desks["one"], people["officer"])
    session.expire_all()
    with pytest.raises(ResetBetweenError):
        unit_of_work(
            operations.print_second_sheet, people["officer"].public_id, actor=three.as_actor()
        )


@pytest.mark.sqlite
def test_nobody_prints_a_sheet_for_oneself_or_without_the_right(people, session):
    one, two = people["one"].as_actor(), people["two"].as_actor()
    make_user(Role.ADMINISTRATOR)
    ref = people["two"].public_id
    unit_of_work(operations.reset_sign_in, ref, delivery=Delivery.PAPER, actor=one)
    with pytest.raises(errors.OwnSheetError):
        unit_of_work(operations.print_second_sheet, ref, actor=two)
    for actor in (COMMAND_LINE, VISITOR, people["officer"].as_actor()):
        with pytest.raises(ForbiddenError):
            unit_of_work(operations.print_second_sheet, ref, actor=actor)


def test_a_second_sheet_is_printed_once_and_only_while_it_waits(app, clock, desks, people, session):
    assert second_sheet(desks["two"], people["officer"]).status_code == 422
    reset(desks["one"], people["officer"])
    first = second_on(second_sheet(desks["two"], people["officer"]))
    again = second_sheet(desks["two"], people["officer"])
    assert (again.status_code, first in again.text) == (422, False)
    assert "No invitation of this person waits" in again.text
    app.config["SMTP_URL"] = "smtp://mail.example.org"
    reset(desks["one"], people["officer"], delivery="mail")
    assert second_sheet(desks["two"], people["officer"]).status_code == 422
    reset(desks["one"], people["officer"], delivery="paper")
    desks["one"].post(f"/users/{people['officer'].public_id}/disable")
    assert second_sheet(desks["two"], people["officer"]).status_code == 422


@pytest.mark.sqlite
def test_both_sheets_are_too_old_together(app, clock, desks, people, session):
    code = code_on(reset(desks["one"], people["officer"]))
    clock.shift(72 * 3600)
    sign_in(desks["two"], people["two"])
    assert second_sheet(desks["two"], people["officer"]).status_code == 422
    assert choose(app, code)[0].status_code == 422


@pytest.mark.sqlite
def test_no_page_shows_the_codes_again(desks, people, session):
    first = code_on(reset(desks["one"], people["officer"]))
    second = second_on(second_sheet(desks["two"], people["officer"]))
    ref = people["officer"].public_id
    for path in (f"/users/{ref}", "/users/invitations", "/audit/trail", "/outbox"):
        for desk in desks.values():
            shown = desk.get(path).text
            assert first not in shown
            assert second not in shown
            assert second.replace("-", "") not in shown


@pytest.mark.sqlite
def test_resetting_oneself_says_what_to_do_instead(desks, people, session):
    refused = reset(desks["one"], people["one"])
    assert refused.status_code == 422
    assert "You cannot reset your own sign-in." in refused.text
    assert "disable yourself" not in refused.text


@pytest.mark.sqlite
@pytest.mark.parametrize(("role", "status"), [("auditor", 200), ("approver", 403)])
def test_an_auditor_sees_every_reset(app, desks, people, session, role, status):
    reset(desks["one"], people["officer"])
    client = app.test_client()
    sign_in(client, make_user(role))
    page = client.get("/users/invitations?lang=en")
    assert page.status_code == status
    if status == 200:
        assert "Mali" in page.text
        assert "Chan" in page.text
        assert f"/users/{people['officer'].public_id}" not in page.text
        assert 'href="/users/invitations"' in client.get("/today").text


def in_service(app):
    app.config["DEMO"] = False


@pytest.mark.sqlite
def test_a_command_prints_nothing_alone_beside_two_administrators(app, runner, people, session):
    in_service(app)
    result = runner.invoke(args=["users", "reset", people["officer"].email])
    assert (result.exit_code, "Two administrators may sign in" in result.output) == (1, True)
    session.expire_all()
    assert people["officer"].is_active
    result = runner.invoke(args=["users", "create", "a@example.org", "--role", "auditor"])
    assert result.exit_code == 0, result.output
    assert "/invitations/" not in result.output
    assert "each prints one sheet" in result.output
    result = runner.invoke(args=["users", "invite", "a@example.org"])
    assert (result.exit_code, "/invitations/" in result.output) == (1, False)


@pytest.mark.sqlite
def test_with_one_other_administrator_a_command_prints_and_the_owner_is_told(
    app, runner, people, session
):
    """One of two lost the telephone: nobody else could print the second sheet."""
    in_service(app)
    result = runner.invoke(args=["users", "reset", people["two"].email])
    assert result.exit_code == 0, result.output
    accept(app.test_client(), code_on(result.output))
    addresses = session.scalars(select(MailMessage.to_address)).all()
    assert people["two"].email in addresses
    session.expire_all()
    assert people["two"].is_active


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE invitations SET used_at = made_at",
        "UPDATE invitations SET second_sha256 = token_sha256, second_by = made_by",
        "UPDATE invitations SET second_sha256 = token_sha256",
        "UPDATE invitations SET made_by = 'command-line'",
        "UPDATE invitations SET delivery = 'mail'",
        "UPDATE users SET email = 'chan@example.org' WHERE name = 'Mali'",
    ],
)
def test_raw_sql_makes_one_sheet_no_way_in(people, session, statement):
    one = people["one"].as_actor()
    ref = people["officer"].public_id
    unit_of_work(operations.reset_sign_in, ref, delivery=Delivery.PAPER, actor=one)
    # The invitations of the people themselves were used, which alone refuses the statement.
    own = f" AND user_id = {people['officer'].id} AND used_at IS NULL"
    where = "" if "users" in statement else f" WHERE delivery = 'paper'{own}"
    with pytest.raises(DBAPIError):
        unit_of_work(lambda: session.execute(text(statement + where)))


def test_a_second_sheet_stays_that_of_who_printed_it(people, session):
    ref = people["officer"].public_id
    one, two = people["one"].as_actor(), people["two"].as_actor()
    unit_of_work(operations.reset_sign_in, ref, delivery=Delivery.PAPER, actor=one)
    unit_of_work(operations.print_second_sheet, ref, actor=two)
    for change in ("second_by = 'x'", "second_sha256 = NULL, second_by = NULL"):
        statement = f"UPDATE invitations SET {change} WHERE second_by IS NOT NULL"
        with pytest.raises(DBAPIError):
            unit_of_work(lambda sql=statement: session.execute(text(sql)))

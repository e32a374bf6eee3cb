"""Invitations: nobody but the person learns a way in, they work once, and resets are seen."""

import re
from datetime import timedelta

import pytest
from sqlalchemy import select, text

from fundapp import clock as clocks
from fundapp.access.permissions import Role
from fundapp.db import unit_of_work
from fundapp.identity import operations
from fundapp.identity.models import Delivery, Invitation, RecoveryCode, TotpSecret, User, UserStatus
from fundapp.identity.queries import find_user_by_email
from fundapp.mail.models import MailMessage
from fundapp.mail.operations import claim_due_message, mark_sent
from tests.factories.actors import COMMAND_LINE, WORKER
from tests.factories.identity import (
    PASSWORD,
    app_code,
    confirm_open_proposals,
    make_user,
    make_user_by_steps,
    sign_in,
)
from tests.identity.helpers import (
    accept,
    actions,
    code_on,
    is_signed_in,
    second_code,
    set_up_app,
)
from tests.raw_sql import not_refused

NEW = {"email": "new@example.org", "name": "Aminah", "role": "fund_officer"}
CHOSEN = "durian ferry 17 umbrella"


@pytest.fixture
def desk(app, session):
    """The browser of an administrator; there is another one."""
    desk = app.test_client()
    make_user(Role.ADMINISTRATOR, name="Dao")
    sign_in(desk, make_user(Role.ADMINISTRATOR, name="Chan"))
    desk.set_cookie("lang", "en")
    return desk


def messages(session):
    return list(session.scalars(select(MailMessage).order_by(MailMessage.id)))


def sent(session):
    """What the mail server would be given, of all messages that are due."""
    bodies = []
    while message := unit_of_work(claim_due_message, actor=WORKER):
        bodies.append(message.body)
        unit_of_work(mark_sent, message.id, actor=WORKER)
    return bodies


@pytest.mark.sqlite
def test_from_the_invitation_to_the_workspace(app, desk, client, session):
    page = desk.post("/users", data=NEW)
    assert page.status_code == 201
    user = find_user_by_email("new@example.org")
    assert (user.status, user.password_hash) == (UserStatus.INVITED, None)
    client.set_cookie("lang", "en")
    code = code_on(page)
    confirm_open_proposals()
    assert "Aminah" in client.get(f"/invitations/{code}").text
    assert accept(client, code).headers["Location"] == "/factors/set-up"
    assert client.get("/today").headers["Location"] == "/factors/set-up"
    secret, codes = set_up_app(client, clocks.now())
    assert codes.status_code == 200
    assert secret not in codes.text
    assert is_signed_in(client)
    assert client.get("/payments").status_code == 200
    assert [m.to_address for m in messages(session)][-1] == NEW["email"]
    assert "Chose a password" in desk.get(f"/users/{user.public_id}").text


@pytest.mark.sqlite
def test_who_is_invited_has_no_password_that_works(app, desk, session):
    desk.post("/users", data=NEW)
    for password in ("", "None", PASSWORD):
        answer = app.test_client().post(
            "/sign-in", data={"email": NEW["email"], "password": password}
        )
        assert answer.status_code == 422


def test_an_invitation_works_once(app, desk, client, session):
    code = code_on(desk.post("/users", data=NEW))
    accept(client, code)
    other = app.test_client()
    assert "This invitation is over" in other.get(f"/invitations/{code}?lang=en").text
    data = {"password": "another long one 17", "again": "another long one 17"}
    assert other.post(f"/invitations/{code}", data=data).status_code == 422
    assert not is_signed_in(other)
    assert app.test_client().post("/invitations", data={"code": code}).status_code == 422


@pytest.mark.sqlite
def test_an_invitation_is_too_old_after_three_days(clock, desk, client, session):
    code = code_on(desk.post("/users", data=NEW))
    clock.shift(timedelta(hours=72) - timedelta(seconds=1))
    assert "This invitation is over" not in client.get(f"/invitations/{code}?lang=en").text
    clock.shift(timedelta(seconds=1))
    assert "This invitation is over" in client.get(f"/invitations/{code}?lang=en").text
    refused = client.post(f"/invitations/{code}", data={"password": CHOSEN, "again": CHOSEN})
    assert refused.status_code == 422
    assert find_user_by_email(NEW["email"]).password_hash is None


@pytest.mark.sqlite
@pytest.mark.parametrize(
    ("password", "again", "sentence"),
    [
        ("short", "short", "Use at least 15 characters."),
        ("yalafund2569password", "yalafund2569password", "easy to guess"),
        (CHOSEN, "other", "not the same as the new password"),
        ("", "", "Enter a new password."),
    ],
)
def test_a_weak_password_leaves_the_invitation_open(
    desk, client, session, password, again, sentence
):
    code = code_on(desk.post("/users", data=NEW))
    second = second_code(code)
    data = {"password": password, "again": again, "second": second}
    answer = client.post(f"/invitations/{code}?lang=en", data=data)
    assert answer.status_code == 422
    assert sentence in answer.text
    accept(client, code, second=second)


@pytest.mark.sqlite
def test_the_code_of_a_sheet_is_typed(desk, client, session):
    code = code_on(desk.post("/users", data=NEW))
    typed = " ".join(code.lower()[start : start + 4] for start in range(0, 32, 4))
    answer = client.post("/invitations", data={"code": typed})
    assert answer.headers["Location"] == f"/invitations/{code}"
    for wrong in ("", "abcd", "x" * 80, "A" * 32):
        assert client.post("/invitations", data={"code": wrong}).status_code == 422
    for unknown in ("%F0%9F%98%80", "A" * 32, "1"):
        assert client.get(f"/invitations/{unknown}").status_code == 404
        data = {"password": CHOSEN, "again": CHOSEN}
        assert client.post(f"/invitations/{unknown}", data=data).status_code == 404


@pytest.mark.sqlite
def test_by_mail_nobody_but_the_recipient_sees_the_link(app, desk, client, session):
    app.config["SMTP_URL"] = "smtp://mail.example.org"
    answer = desk.post("/users", data={**NEW, "delivery": "mail"})
    assert answer.status_code == 303
    (message,) = messages(session)
    assert message.to_address == NEW["email"]
    assert "/invitations/" not in message.body
    assert b"/invitations/" not in message.secret_encrypted
    shown = desk.get(f"/outbox/{message.id}").text
    assert "(only the recipient sees this)" in shown
    assert "/invitations/" not in shown
    (body,) = sent(session)
    session.expire_all()
    assert message.secret_encrypted is None
    accept(client, code_on(body))


@pytest.mark.sqlite
def test_without_a_mail_server_paper_alone_is_offered(app, desk, session):
    assert 'value="mail"' not in desk.get("/users/new").text
    assert desk.post("/users", data={**NEW, "delivery": "mail"}).status_code == 422
    app.config["SMTP_URL"] = "smtp://mail.example.org"
    assert 'value="mail"' in desk.get("/users/new").text
    assert desk.post("/users", data=NEW).status_code == 422


@pytest.mark.sqlite
def test_a_reset_ends_everything_and_skips_no_factor(app, desk, client, session):
    user = make_user(Role.FUND_OFFICER, name="Mali")
    sign_in(client, user)
    page = desk.post(f"/users/{user.public_id}/reset")
    assert page.status_code == 201
    session.expire_all()
    assert (user.status, user.password_hash) == (UserStatus.INVITED, None)
    assert not is_signed_in(client)
    for table in (RecoveryCode, TotpSecret):
        assert not [row for row in session.scalars(select(table)) if row.user_id == user.id]
    old = app.test_client().post("/sign-in", data={"email": user.email, "password": PASSWORD})
    assert old.status_code == 422
    told = [m for m in messages(session) if m.to_address == user.email]
    assert told[-1].secret_encrypted is None
    again = app.test_client()
    accept(again, code_on(page))
    assert again.get("/today").headers["Location"] == "/factors/set-up"
    assert again.get("/payments").headers["Location"] == "/factors/set-up"
    set_up_app(again, clocks.now())
    assert is_signed_in(again)
    assert not is_signed_in(client)


@pytest.mark.sqlite
def test_no_two_columns_of_the_list_have_the_same_heading(app, session, clock):
    client = app.test_client()
    sign_in(client, make_user(Role.ADMINISTRATOR))
    for language in ("th", "en", "ms"):
        page = client.get(f"/users/invitations?lang={language}").text
        headings = re.findall(r'<th scope="col"[^>]*>(.*?)</th>', page)
        assert len(headings) == len(set(headings)) == 5


@pytest.mark.sqlite
def test_another_administrator_sees_resets_with_who_made_them(app, desk, session):
    user = make_user(Role.FUND_OFFICER, name="Mali")
    desk.post(f"/users/{user.public_id}/reset")
    second = app.test_client()
    sign_in(second, make_user(Role.ADMINISTRATOR))
    page = second.get("/users/invitations?lang=en").text
    row = next(row for row in page.split("<tr>") if "Mali" in row and "Reset" in row)
    assert "Chan" in row
    assert "On paper" in row
    assert "Sign-ins reset in the last days" in second.get("/today?lang=en").text


@pytest.mark.sqlite
def test_nobody_resets_oneself_or_somebody_disabled(desk, session):
    own = session.scalars(select(User).where(User.name == "Chan")).one()
    assert desk.post(f"/users/{own.public_id}/reset").status_code == 422
    user = make_user(Role.AUDITOR)
    desk.post(f"/users/{user.public_id}/disable")
    assert desk.post(f"/users/{user.public_id}/reset").status_code == 422
    assert desk.post(f"/users/{user.public_id}/invitation").status_code == 422


@pytest.mark.sqlite
def test_disabling_cancels_the_invitation(desk, client, session):
    code = code_on(desk.post("/users", data=NEW))
    user = find_user_by_email(NEW["email"])
    desk.post(f"/users/{user.public_id}/disable")
    assert "This invitation is over" in client.get(f"/invitations/{code}?lang=en").text
    confirm_open_proposals()
    desk.post(f"/users/{user.public_id}/disable")
    desk.post(f"/users/{user.public_id}/enable")
    confirm_open_proposals()
    session.expire_all()
    assert user.status is UserStatus.INVITED
    assert "This invitation is over" in client.get(f"/invitations/{code}?lang=en").text
    accept(client, code_on(desk.post(f"/users/{user.public_id}/invitation")))


@pytest.mark.sqlite
def test_no_page_of_an_administrator_takes_or_shows_a_password(desk, session):
    user = make_user(Role.AUDITOR)
    pages = ("/users", "/users/new", f"/users/{user.public_id}", f"/users/{user.public_id}/reset")
    for path in pages:
        assert 'type="password"' not in desk.get(path).text
    sheet = desk.post("/users", data=NEW)
    code = code_on(sheet)
    for path in (*pages, "/users/invitations", "/outbox"):
        text = desk.get(path).text
        assert code not in text
        assert code[:4] + "-" not in text


#: What raw SQL may not do to what was used or is waiting.
USED = [
    "UPDATE invitations SET used_at = NULL",
    "UPDATE invitations SET expires_at = made_at",
    "DELETE FROM invitations",
    "UPDATE recovery_codes SET used_at = NULL",
    "UPDATE totp_secrets SET last_step = last_step - 1",
    "UPDATE users SET password_hash = NULL",
    "UPDATE users SET status = 'active'",
    "UPDATE users SET status = 'invited'",
]


def test_raw_sql_makes_nothing_usable_again(app, client, session):
    user = make_user_by_steps(Role.AUDITOR)
    client.post("/sign-in", data={"email": user.email, "password": PASSWORD})
    code = app_code(user)
    assert client.post("/sign-in/factor", data={"factor_code": code}).status_code == 303
    unit_of_work(operations.create_user, "b@example.org", name="", roles=[Role.AUDITOR],
                 actor=COMMAND_LINE)  # fmt: skip
    unit_of_work(lambda: session.execute(text("UPDATE recovery_codes SET used_at = made_at")))
    assert not_refused(USED) == []


@pytest.mark.sqlite
def test_one_invitation_is_open_at_a_time(session):
    user = unit_of_work(
        operations.create_user, "b@example.org", name="", roles=[Role.AUDITOR], actor=COMMAND_LINE
    )
    for _time in range(3):
        unit_of_work(operations.invite, user.public_id, delivery=Delivery.PAPER, actor=COMMAND_LINE)
    rows = session.scalars(select(Invitation)).all()
    assert [row.is_open(clocks.now()) for row in rows] == [False, False, True]


@pytest.mark.sqlite
def test_what_was_done_is_in_the_trail(app, desk, client, session):
    code = code_on(desk.post("/users", data=NEW))
    before = len(actions(session))
    confirm_open_proposals()
    assert actions(session)[before - 3 : before] == [
        "identity:user:create",
        "proposals:proposal:make",
        "identity:user:invite",
    ]
    accept(client, code)
    set_up_app(client, clocks.now())
    assert actions(session)[-4:] == [
        "identity:user:accept-invitation",
        "identity:session:begin",
        "identity:factor:add-app",
        "identity:session:open",
    ]

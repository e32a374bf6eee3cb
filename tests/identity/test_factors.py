"""Second factors: no staff without one, codes used once, limits, and what is removed or renewed."""

import re
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from sqlalchemy import select

from fundapp import clock as clocks
from fundapp.access.permissions import Role
from fundapp.identity.models import RecoveryCode, TotpSecret, UserSession
from fundapp.identity.queries import find_factors
from fundapp.identity.totp import code_at
from fundapp.trail.models import AuditEvent
from tests.factories.identity import (
    PASSWORD,
    app_code,
    app_secret,
    make_user,
    make_user_by_steps,
    sign_in,
)
from tests.identity.helpers import actions, cookie, is_signed_in, set_up_app

FACTOR = "/sign-in/factor"


def give_password(client, user):
    answer = client.post("/sign-in", data={"email": user.email, "password": PASSWORD})
    assert answer.status_code == 303
    return answer


def give_code(client, code, **data):
    return client.post(f"{FACTOR}?lang=en", data={"factor_code": code, **data})


def recovery_codes(page):
    return re.findall(r"\b[A-Z2-7]{4}(?:-[A-Z2-7]{4}){3}\b", page.text)


def without_factor(client, session):
    """Somebody of the staff whose password is right and who has set nothing up."""
    user = make_user(Role.FUND_OFFICER)
    session.delete(find_factors(user.id).app)
    for row in session.scalars(select(RecoveryCode)):
        session.delete(row)
    session.commit()
    give_password(client, user)
    return user


@pytest.mark.sqlite
def test_the_password_alone_opens_nothing(client, session):
    user = make_user(Role.FUND_OFFICER)
    give_password(client, user)
    for path in ("/today", "/payments", "/sessions", "/factors/set-up", "/factors/app"):
        answer = client.get(path)
        assert answer.headers["Location"] == f"{FACTOR}?next={path}"
    refused = client.post("/payments/new", data={"amount": "500"})
    assert (refused.status_code, refused.headers["Location"]) == (302, FACTOR)
    assert client.post("/factors/app/begin").status_code == 302
    assert session.scalars(select(TotpSecret)).one().confirmed_at is not None
    assert "Sign out" not in client.get("/give?lang=en").text


@pytest.mark.sqlite
def test_the_code_signs_in_and_the_token_changes_at_each_step(app, client, session):
    user = make_user(Role.AUDITOR)
    client.set_cookie("sid", "chosen-by-the-attacker")
    give_password(client, user)
    first = cookie(client)
    assert give_code(client, app_code(user)).headers["Location"] == "/today"
    second = cookie(client)
    assert len({"chosen-by-the-attacker", first, second}) == 3
    assert is_signed_in(client)
    thief = app.test_client()
    for old in ("chosen-by-the-attacker", first):
        thief.set_cookie("sid", old)
        assert not is_signed_in(thief)
        assert thief.get(FACTOR).headers["Location"].startswith("/sign-in?")
    assert actions(session)[-2:] == ["identity:session:begin", "identity:session:open"]


def test_a_code_is_used_once(app, client, session, clock):
    user = make_user(Role.AUDITOR)
    code = app_code(user)
    give_password(client, user)
    assert give_code(client, code).status_code == 303
    other = app.test_client()
    give_password(other, user)
    refused = give_code(other, code)
    assert refused.status_code == 422
    assert "This is not right, or was used before." in refused.text
    assert code not in refused.text
    assert not is_signed_in(other)
    earlier = code_at(app_secret(user), clocks.now() - timedelta(seconds=30))
    assert give_code(other, earlier).status_code == 422
    assert actions(session)[-1] == "identity:factor:refuse"
    clock.shift(timedelta(seconds=30))
    assert give_code(other, app_code(user)).status_code == 303


def test_a_code_sent_at_the_same_time_signs_one_in(app, session):
    user = make_user(Role.AUDITOR)
    code, clients = app_code(user), [app.test_client() for _ in range(4)]
    for client in clients:
        give_password(client, user)
    with ThreadPoolExecutor(4) as pool:
        answers = list(pool.map(lambda client: give_code(client, code).status_code, clients))
    assert sorted(answers) == [303, 422, 422, 422]


@pytest.mark.sqlite
@pytest.mark.parametrize(("seconds", "status"), [(-60, 422), (-29, 303), (30, 303), (61, 422)])
def test_clocks_may_differ_by_one_step(client, session, clock, seconds, status):
    user = make_user(Role.AUDITOR)
    clock.shift(timedelta(minutes=10))
    code = code_at(app_secret(user), clocks.now() + timedelta(seconds=seconds))
    give_password(client, user)
    assert give_code(client, code).status_code == status


@pytest.mark.sqlite
def test_a_code_is_read_as_people_type_it(client, session):
    user = make_user(Role.AUDITOR)
    code = app_code(user)
    thai = "".join(chr(0x0E50 + int(digit)) for digit in code)
    give_password(client, user)
    assert give_code(client, f" {thai[:3]} {thai[3:]} ").status_code == 303


@pytest.mark.sqlite
@pytest.mark.parametrize("code", ["", "000000", "12345", "x" * 60, "😀", "A" * 16])
def test_what_is_no_code_is_refused(client, session, code):
    give_password(client, make_user(Role.AUDITOR))
    assert give_code(client, code).status_code == 422


@pytest.mark.sqlite
@pytest.mark.parametrize(
    "answer", ["{", "[]", "{}", '{"id": 5}', '{"id": "AAAA"}', '{"id":"' + "A" * 30_000 + '"}']
)
def test_what_is_no_answer_of_a_passkey_is_refused(client, session, answer):
    give_password(client, make_user(Role.AUDITOR))
    assert give_code(client, "", factor_passkey=answer).status_code == 422


@pytest.mark.sqlite
def test_who_has_none_does_nothing_but_set_one_up(client, session):
    without_factor(client, session)
    for path in ("/today", "/sessions", "/payments/new", FACTOR):
        assert client.get(path).headers["Location"] == "/factors/set-up"
    assert client.post("/payments/new", data={"amount": "1"}).headers["Location"] == (
        "/factors/set-up"
    )
    assert client.post("/factors/recovery-codes").status_code in {302, 403}
    page = client.get("/factors/set-up?lang=en")
    assert "you can do nothing else here" in page.text
    _secret, answer = set_up_app(client, clocks.now())
    assert len(recovery_codes(answer)) == 10
    assert is_signed_in(client)


@pytest.mark.sqlite
def test_forms_of_before_do_not_count_after_the_second_step(client, session):
    user = make_user(Role.AUDITOR)
    give_password(client, user)
    with client.session_transaction() as form_session:
        form_session["csrf_token"] = "planted"
    assert give_code(client, app_code(user)).status_code == 303
    with client.session_transaction() as form_session:
        assert "csrf_token" not in form_session


@pytest.mark.sqlite
def test_signing_out_in_the_middle(client, session):
    give_password(client, make_user(Role.AUDITOR))
    token = cookie(client)
    assert client.post("/sign-out").status_code == 303
    client.set_cookie("sid", token)
    assert client.get(FACTOR).headers["Location"].startswith("/sign-in?")


@pytest.mark.sqlite
def test_half_a_sign_in_ends_after_a_while(client, session, clock):
    user = make_user(Role.AUDITOR)
    give_password(client, user)
    row = session.scalars(select(UserSession)).one()
    assert row.expires_at - row.created_at == timedelta(minutes=30)
    clock.shift(timedelta(minutes=15))
    answer = give_code(client, code_at(app_secret(user), clocks.now()))
    assert answer.headers["Location"].startswith("/sign-in?")
    assert not is_signed_in(client)


@pytest.mark.sqlite
def test_a_donor_signs_in_with_the_password_alone(client, session):
    user = make_user(Role.DONOR)
    assert give_password(client, user).headers["Location"] == "/today"
    assert is_signed_in(client)
    assert "Second factors" not in client.get("/sessions?lang=en").text
    assert client.get("/factors/set-up").status_code == 403


def test_a_recovery_code_stands_in_once(app, client, session):
    user = make_user(Role.AUDITOR)
    sign_in(client, user)
    codes = recovery_codes(client.post("/factors/recovery-codes"))
    assert len(set(codes)) == 10
    stored = set(session.scalars(select(RecoveryCode.code_sha256)))
    assert len(stored) == 10
    assert not any(code.replace("-", "").encode() in stored for code in codes)

    first, second = app.test_client(), app.test_client()
    give_password(first, user)
    assert give_code(first, codes[0].lower()).status_code == 303
    assert is_signed_in(first)
    give_password(second, user)
    assert give_code(second, codes[0]).status_code == 422
    assert give_code(second, codes[1].replace("-", " ")).status_code == 303
    assert "8 left" in client.get("/sessions?lang=en").text
    assert "identity:factor:use-recovery-code" in actions(session)


@pytest.mark.sqlite
def test_new_recovery_codes_end_the_old_ones(app, client, session):
    user = make_user(Role.AUDITOR)
    sign_in(client, user)
    old = recovery_codes(client.post("/factors/recovery-codes"))
    new = recovery_codes(client.post("/factors/recovery-codes"))
    other = app.test_client()
    give_password(other, user)
    assert give_code(other, old[0]).status_code == 422
    assert give_code(other, new[0]).status_code == 303


@pytest.mark.sqlite
def test_anothers_code_is_wrong(app, client, session):
    user, other = make_user(Role.AUDITOR), make_user(Role.APPROVER)
    theirs = app.test_client()
    sign_in(theirs, other)
    code = recovery_codes(theirs.post("/factors/recovery-codes"))[0]
    give_password(client, user)
    assert give_code(client, app_code(other)).status_code == 422
    assert give_code(client, code).status_code == 422


@pytest.mark.sqlite
def test_wrong_factors_are_limited_by_account(app, session, clock):
    user = make_user(Role.AUDITOR)

    def attempt(number, code="000000"):
        client = app.test_client()
        give_password(client, user)
        address = {"REMOTE_ADDR": f"192.0.2.{number}"}
        return client.post(FACTOR, data={"factor_code": code}, environ_overrides=address)

    assert [attempt(number).status_code for number in range(5)] == [422] * 5
    refused = attempt(6, app_code(user))
    assert refused.status_code == 429
    assert 0 < int(refused.headers["Retry-After"]) <= 301


@pytest.mark.sqlite
def test_right_factors_are_not_counted(app, client, session, clock):
    app.config["LIMIT_SIGN_IN"] = "1000 per hour"
    user = make_user(Role.AUDITOR)
    for _round in range(12):
        clock.shift(timedelta(seconds=30))
        give_password(client, user)
        assert give_code(client, app_code(user)).status_code == 303


@pytest.mark.sqlite
def test_a_new_app_takes_the_place_of_the_old_one(app, client, session, clock):
    user = make_user_by_steps(Role.AUDITOR)
    old = app_secret(user)
    sign_in(client, user)
    before = cookie(client)
    secret, answer = set_up_app(client, clocks.now())
    assert answer.headers["Location"] == "/sessions"
    assert cookie(client) != before
    clock.shift(timedelta(minutes=1))
    other = app.test_client()
    give_password(other, user)
    assert give_code(other, code_at(old, clocks.now())).status_code == 422
    assert give_code(other, code_at(secret, clocks.now())).status_code == 303
    assert session.scalars(select(TotpSecret)).one().confirmed_at is not None


@pytest.mark.sqlite
def test_an_app_that_was_not_confirmed_proves_nothing(app, client, session):
    user = make_user(Role.AUDITOR)
    sign_in(client, user)
    assert client.post("/factors/app/begin").status_code == 303
    wrong = client.post("/factors/app?lang=en", data={"code": "000000"})
    assert wrong.status_code == 422
    assert "This is not the code that the app shows now." in wrong.text
    assert find_factors(user.id).app.confirmed_at is not None
    assert len(session.scalars(select(TotpSecret)).all()) == 2


@pytest.mark.sqlite
def test_the_last_factor_cannot_be_removed(client, session):
    user = make_user(Role.AUDITOR)
    sign_in(client, user)
    assert "/factors/app/remove" not in client.get("/sessions").text
    refused = client.post("/factors/app/remove?lang=en")
    assert refused.status_code == 422
    assert "This is your only second factor." in refused.text
    for number in (1, 2**63, 10**30):
        assert client.post(f"/factors/passkeys/{number}/remove").status_code == 404
    assert find_factors(user.id).count == 1


@pytest.mark.sqlite
def test_the_secret_is_stored_encrypted_and_shown_in_the_set_up_alone(client, session):
    user = make_user(Role.AUDITOR)
    secret = app_secret(user)
    row = session.scalars(select(TotpSecret)).one()
    assert secret.encode() not in row.secret_encrypted
    sign_in(client, user)
    assert client.get("/factors/app").headers["Location"] == "/factors/set-up"
    assert secret not in client.get("/sessions").text


@pytest.mark.sqlite
def test_the_trail_says_who_was_refused_and_where(client, session):
    user = make_user(Role.AUDITOR)
    give_password(client, user)
    give_code(client, "000000")
    event = session.scalars(select(AuditEvent).order_by(AuditEvent.id.desc())).first()
    assert (event.action, event.actor, event.subject_ref, event.note) == (
        "identity:factor:refuse",
        user.public_id,
        user.public_id,
        "wrong identity.prove_factor",
    )


@pytest.mark.sqlite
def test_the_absolute_end_is_not_put_off_by_a_factor(client, session, clock):
    user = make_user(Role.AUDITOR)
    sign_in(client, user)
    row = session.scalars(select(UserSession)).one()
    end = row.expires_at
    clock.shift(timedelta(minutes=6))
    answer = client.post("/factors/renew", data={"factor_code": app_code(user), "next": "/users"})
    assert answer.headers["Location"] == "/users"
    session.expire_all()
    assert row.expires_at == end

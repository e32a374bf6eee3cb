"""Rate limits: whom they count, what is counted, what is given back, when to try again."""

import pytest
from werkzeug.exceptions import TooManyRequests

from fundapp.web.limits import give_try_back, limiter, take_try, visitor
from tests.factories.identity import make_user, sign_in


@pytest.mark.sqlite
def test_a_limited_page_counts_in_a_window_that_moves(app, client, session, clock):
    app.config["LIMIT_EXPORT"] = "2 per minute"
    sign_in(client, make_user("auditor"))

    def export():
        return client.get("/audit/exports/csv").status_code

    assert export() == 200
    clock.shift(40)
    assert export() == 200
    clock.shift(21)
    assert [export(), export()] == [200, 429]


@pytest.mark.parametrize(
    ("address", "counted"),
    [("203.0.113.9", "203.0.113.9"), ("::ffff:203.0.113.9", "203.0.113.9"),
     ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::"), ("2001:db8:1:2:ffff::1", "2001:db8:1:2::"),
     ("2001:db8:1:3::1", "2001:db8:1:3::"), ("unix:", "unix:")],
)  # fmt: skip
def test_a_visitor_is_an_address_or_a_network(app, address, counted):
    with app.test_request_context(environ_base={"REMOTE_ADDR": address}):
        assert visitor() == counted


@pytest.fixture
def tries(app, clock):
    """An application that allows two tries in a minute, at a clock that tests move."""
    app.config["LIMIT_SIGN_IN"] = "2 per minute"
    with app.test_request_context():
        yield


def take(key="a@example.org"):
    take_try("LIMIT_SIGN_IN", key)


def give_back(key="a@example.org"):
    give_try_back("LIMIT_SIGN_IN", key)


def test_a_try_too_many_is_refused_and_says_when(tries, clock):
    take()
    clock.shift(20)
    take()
    clock.shift(10)
    for _ in range(3):
        with pytest.raises(TooManyRequests) as refused:
            take()
        assert refused.value.retry_after == 30


def test_the_window_moves_on(tries, clock):
    take()
    clock.shift(40)
    take()
    clock.shift(21)
    take()
    with pytest.raises(TooManyRequests):
        take()


def test_a_refused_try_is_not_counted(tries, clock):
    take()
    take()
    clock.shift(59)
    with pytest.raises(TooManyRequests):
        take()
    clock.shift(2)
    take()
    take()
    with pytest.raises(TooManyRequests):
        take()


def test_each_key_has_tries_of_its_own(tries):
    take()
    take()
    take("b@example.org")
    with pytest.raises(TooManyRequests):
        take()


def test_a_try_that_is_given_back_does_not_count(tries, clock):
    for _ in range(5):
        take()
        give_back()
    take()
    take()
    with pytest.raises(TooManyRequests):
        take()
    give_back()
    take()


@pytest.mark.parametrize("seconds", [59.9, 60])
def test_at_least_a_second_is_waited(tries, clock, seconds):
    take()
    take()
    clock.shift(seconds)
    with pytest.raises(TooManyRequests) as refused:
        take()
    assert refused.value.retry_after == 1


def test_without_limits_nothing_is_counted(tries):
    limiter.enabled = False
    try:
        for _ in range(5):
            take()
            give_back()
    finally:
        limiter.enabled = True
    take()
    take()
    with pytest.raises(TooManyRequests):
        take()

"""The LINE of tests and the demo refuses what LINE refuses."""

import json
import uuid
from http.client import HTTPConnection
from urllib.parse import urlsplit

import pytest

from tests.fakes.line import FakeLine

TEXT = {"type": "text", "text": "hello"}
pytestmark = pytest.mark.sqlite  # no database is asked


@pytest.fixture
def fake():
    """LINE, and somebody who follows the fund there."""
    with FakeLine() as server:
        server.friend = server.join()
        server.follow(server.friend)
        yield server


def push(fake, body, key=None, token="line_fake"):
    connection = HTTPConnection(urlsplit(fake.url).netloc, timeout=10)
    headers = {"Authorization": f"Bearer {token}"} | ({"X-Line-Retry-Key": key} if key else {})
    connection.request("POST", "/v2/bot/message/push", json.dumps(body), headers)
    answer = connection.getresponse()
    answer.read()
    connection.close()
    return answer.status


def test_it_is_strict(fake):
    to = fake.friend
    for body in (
        [], {}, {"to": to}, {"to": to, "messages": []}, {"to": to, "messages": [TEXT] * 6},
        {"to": to, "messages": [{"type": "text", "text": "x" * 5_001}]},
        {"to": to, "messages": [{"type": "text"}]}, {"to": "U0", "messages": [TEXT]},
        {"to": to, "messages": [TEXT], "unknown": 1}, {"to": None, "messages": [TEXT]},
    ):  # fmt: skip
        assert push(fake, body) == 400, body
    assert push(fake, {"to": to, "messages": [TEXT]}, token="wrong") == 401
    assert push(fake, {"to": to, "messages": [TEXT]}, key="no-uuid") == 400
    assert push(fake, {"to": fake.join("Stranger"), "messages": [TEXT]}) == 403
    assert fake.people[to]["got"] == []


def test_a_key_is_one_message(fake):
    body, key = {"to": fake.friend, "messages": [TEXT]}, str(uuid.uuid4())
    assert [push(fake, body, key) for _time in range(3)] == [200, 409, 409]
    assert push(fake, {**body, "messages": [{**TEXT, "text": "other"}]}, key) == 400
    fake.answers = [429, 500]
    assert [push(fake, body) for _time in range(3)] == [429, 500, 200]
    assert fake.people[fake.friend]["got"] == ["hello", "hello"]


def test_its_pages_let_people_write(fake):
    told = []
    fake.tell = lambda body, _signature: told.append(json.loads(body)["events"][0])
    connection = HTTPConnection(urlsplit(fake.url).netloc, timeout=10)
    connection.request("GET", "/R/oaMessage/%40fund/?7KQ2-M9XA")
    page = connection.getresponse().read().decode()
    assert 'value="7KQ2-M9XA"' in page
    connection.request("POST", "/control/write", "name=Aminah&text=7KQ2-M9XA&user=")
    assert connection.getresponse().read() == b""
    connection.request("GET", "/control")
    assert "Aminah" in connection.getresponse().read().decode()
    connection.close()
    assert [event["type"] for event in told] == ["follow", "message"]
    assert told[1]["message"]["text"] == "7KQ2-M9XA"

"""LINE for tests: on the loopback, telling the application through its own webhook."""

from collections.abc import Iterator
from contextlib import contextmanager

from flask import Flask
from flask.testing import FlaskClient

from fundapp import clock
from tests.fakes.line import FakeLine


@contextmanager
def line(app: Flask, client: FlaskClient) -> Iterator[FakeLine]:
    """An account at LINE that the application is set up for."""
    with FakeLine() as fake:
        app.config.update(
            LINE_CHANNEL_TOKEN=fake.token,
            LINE_CHANNEL_SECRET=fake.secret,
            LINE_API_BASE=fake.url,
            LINE_BASIC_ID="@fund",
        )
        fake.now = lambda: clock.now().timestamp()
        fake.tell = lambda body, signature: send(client, body, signature)
        yield fake


def send(client: FlaskClient, body: bytes, signature: str) -> int:
    """What LINE tells, as it arrives; the answer's status."""
    headers = {"X-Line-Signature": signature}
    answer = client.post("/webhooks/line", data=body, headers=headers)
    return answer.status_code

"""What no form of ours can send is refused as unreadable, and is never a fault of the program."""

import re

import pytest


def token_of(client):
    page = client.get("/give", base_url="https://localhost").get_data(as_text=True)
    return re.search(r'name="csrf_token"[^>]*value="([^"]+)', page)[1]


@pytest.mark.parametrize(
    "odd",
    [
        {"Referer": "https://["},
        {"Referer": "https://localhost:abc/give"},
        {"Referer": "https://localhost:99999999/give"},
        {"Referer": "https://localhost/give", "Host": "localhost:99999999"},
    ],
)
def test_an_origin_that_is_no_address(app, client, odd):
    app.config["WTF_CSRF_ENABLED"] = True
    sent = {"csrf_token": token_of(client)}
    answer = client.post("/give", base_url="https://localhost", data=sent, headers=odd)
    assert answer.status_code == 400
    assert "no-store" in answer.headers["Cache-Control"]


def test_an_odd_referrer_does_not_keep_anybody_from_reading(client):
    assert client.get("/give", headers={"Referer": "https://["}).status_code == 200
    assert client.get("/nothing", headers={"Referer": "https://["}).status_code == 404


def test_nul_is_refused(client):
    assert client.get("/give?fund=%00").status_code == 400
    assert client.post("/give", data={"name": "a\x00b"}).status_code == 400

"""What no form of ours can send is turned away at the door, never an error of ours."""

import pytest


@pytest.mark.parametrize("referrer", ["http://[", "https://127.0.0.1:port/", "//[::1"])
def test_an_unreadable_referrer_is_refused(client, referrer):
    answer = client.post("/sign-in", data={"email": "a@b.c"}, headers={"Referer": referrer})
    assert answer.status_code == 400


@pytest.mark.parametrize("path", ["/give?fund=%00", "/sign-in?next=%00", "/%00"])
def test_nul_is_refused(client, path):
    assert client.get(path).status_code in {400, 404}


def test_only_files_that_exist_are_kept_by_caches(client):
    assert client.get("/static/css/nothing.css").headers["Cache-Control"] == "no-store"
    assert "public" in client.get("/static/css/tables.css").headers["Cache-Control"]

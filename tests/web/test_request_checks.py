"""Requests that none of our forms can send are refused, and never become an error of ours."""

import io
import re

import pytest

from fundapp.web.request_checks import FILE_FIELDS
from tests.architecture.sources import ROOT


@pytest.mark.sqlite
@pytest.mark.parametrize("referrer", ["http://[", "https://127.0.0.1:port/", "//[::1"])
def test_an_unreadable_referrer_is_refused(client, referrer):
    answer = client.post("/sign-in", data={"email": "a@b.c"}, headers={"Referer": referrer})
    assert answer.status_code == 400


@pytest.mark.parametrize("path", ["/give?fund=%00", "/sign-in?next=%00", "/%00"])
def test_nul_is_refused(client, path):
    assert client.get(path).status_code in {400, 404}


@pytest.mark.parametrize("path", ["/ledger/checkpoints/{}", "/ledger/consistency/1/{}"])
def test_a_number_that_no_column_holds_is_of_nothing(client, path):
    for number in (2**63 - 1, 2**63, 10**30):
        assert client.get(path.format(number)).status_code == 404


@pytest.mark.sqlite
def test_nul_in_an_address_of_ours_or_in_a_form_is_refused(client):
    assert client.get("/pledges/%00").status_code == 400
    for data in ({"email": "a\x00@example.org"}, {"email\x00": "a@example.org"}):
        assert client.post("/sign-in", data=data).status_code == 400


@pytest.mark.sqlite
@pytest.mark.parametrize("host", ["x" * 300, "x" * 64 + ".example"])
def test_an_invalid_host_is_refused(client, host):
    for path in ("/", "/sign-in", "/nothing"):
        assert client.get(path, headers={"Host": host}).status_code == 400


@pytest.mark.sqlite
@pytest.mark.parametrize("name", ["amount", "name", "starts_on", "csrf_token"])
def test_a_file_in_a_field_for_text_is_refused(client, name):
    for path in ("/give", "/sign-in"):
        data = {"frequency": "once", name: (io.BytesIO(b"100"), "amount.txt")}
        answer = client.post(path, data=data, content_type="multipart/form-data")
        assert answer.status_code == 400


@pytest.mark.sqlite
def test_every_field_for_files_is_known():
    sources = (path.read_text("utf-8") for path in (ROOT / "fundapp").rglob("*.py"))
    fields = {
        name
        for text in sources
        for name in re.findall(r"(\w+) = (?:File|Upload|Paper)Field\(", text)
    }
    assert fields == FILE_FIELDS

"""Pages are compressed, but none that shows what another site chose beside a secret."""

import brotli
import pytest

from tests.factories.identity import make_user, sign_in

pytestmark = pytest.mark.sqlite

BROWSER = {"Accept-Encoding": "gzip, deflate, br"}


def encoding(answer):
    return answer.headers.get("Content-Encoding")


def test_a_strangers_page_is_compressed(client, session):
    answer = client.get("/give?fund=nothing", headers=BROWSER)
    assert encoding(answer) == "br"
    assert b"</html>" in brotli.decompress(answer.data)
    assert int(answer.headers["Content-Length"]) == len(answer.data)


def test_what_is_short_is_not(client):
    answer = client.get("/healthz", headers=BROWSER)
    assert encoding(answer) is None
    assert "Accept-Encoding" in answer.headers["Vary"]


@pytest.mark.parametrize("cookie", ["sid", "form"])
@pytest.mark.parametrize("query", ["q=guess", "lang=th"])
def test_no_secret_beside_what_another_site_chose(client, session, cookie, query):
    """BREACH: who can choose a part of a page must not learn how long it is compressed."""
    client.set_cookie(cookie, "something")
    for site in ("cross-site", "same-site", "none", ""):
        headers = {**BROWSER, "Sec-Fetch-Site": site}
        assert encoding(client.get(f"/give?{query}", headers=headers)) is None, site
        assert encoding(client.get("/give", headers=headers)) == "br", site
    own = {**BROWSER, "Sec-Fetch-Site": "same-origin"}
    assert encoding(client.get(f"/give?{query}", headers=own)) == "br"


def test_nor_a_form_that_was_sent_from_elsewhere(client, session):
    client.set_cookie("form", "something")
    answer = client.post("/give", data={"name": "guess" * 300}, headers=BROWSER)
    assert answer.status_code == 422
    assert encoding(answer) is None


def test_a_list_of_staff_is_compressed_when_our_own_page_asked(client, session):
    sign_in(client, make_user("auditor"))
    own = {**BROWSER, "Sec-Fetch-Site": "same-origin"}
    assert encoding(client.get("/audit/journal?kind=gift", headers=own)) == "br"
    assert encoding(client.get("/audit/journal?kind=gift", headers=BROWSER)) is None

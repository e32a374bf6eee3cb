"""The sample configuration of nginx, on the loopback in front of gunicorn (`make proxy`)."""

import http.client
import re
import subprocess

import pytest

from config import MOST_SENT
from tests.conftest import made_up_key
from tests.deploy.dripping import dripping, slowest_page
from tests.deploy.servers import NGINX, PROXY, SAMPLE, gunicorn, nginx

pytestmark = [
    pytest.mark.sqlite,
    pytest.mark.skipif(
        NGINX is None,
        reason="!! NO NGINX FOUND: THE SAMPLE OF docs/deploy WAS NOT TRIED."
        " Install it (Debian: apt-get install nginx) or set NGINX=/path/to/nginx.",
    ),
]

CONNECTIONS = 200
#: Seconds within which a page has to come.
AIM = 2.0


@pytest.fixture(scope="module")
def program(databases, tmp_path_factory):
    """The program behind one proxy, started once; its port."""
    folder = tmp_path_factory.mktemp("program")
    with databases.fresh() as url, gunicorn(environment(url, folder)) as port:
        yield port


def environment(database_url, folder):
    """The program's settings."""
    return {
        "PUBLIC_URL": "https://localhost",
        "TRUSTED_PROXIES": "1",
        "DATABASE_URL": database_url,
        "SECRET_KEY": "a secret of this run, as long as it has to be",
        "FIELD_KEYS": f"k1:{made_up_key('k1')}",
        "LEDGER_SIGNING_KEY": made_up_key("ledger"),
        "DOCUMENTS_URL": f"file://{folder / 'documents'}",
        "LIMIT_RECEIPT": "3 per hour",
    }


@pytest.fixture(scope="module")
def proxy(program, tmp_path_factory):
    """The port of nginx in front of it."""
    with nginx(tmp_path_factory.mktemp("nginx"), program) as port:
        yield port


def test_slow_clients_hold_no_page_up(program, proxy, capsys):
    alone = slowest_page(proxy, 20, 10)
    with dripping(proxy, CONNECTIONS):
        behind = slowest_page(proxy, 20, 10)
    with dripping(program, CONNECTIONS):
        without = slowest_page(program, 1, 5)
    with capsys.disabled():
        print(  # noqa: T201 - the figures are the result
            f"\nslowest page: {alone:.2f} s alone, {behind:.2f} s beside {CONNECTIONS} dripping"
            f" connections behind nginx; without nginx {without:.2f} s (given up after 5 s)"
        )
    assert behind < AIM
    assert without > AIM, "without a proxy they would not need one"


def test_only_what_the_proxy_saw_counts(proxy):
    """A visitor's own X-Forwarded headers neither change the address nor the host."""
    statuses = []
    for number in range(5):
        connection = http.client.HTTPConnection("127.0.0.1", proxy, timeout=10)
        headers = {"X-Forwarded-For": f"203.0.113.{number}", "X-Forwarded-Host": "evil.example"}
        connection.request("GET", f"/receipts/none{number}", headers=headers)
        answer = connection.getresponse()
        assert b"evil.example" not in answer.read()
        statuses.append(answer.status)
        connection.close()
    assert statuses == [404] * 3 + [429] * 2


@pytest.mark.parametrize("behind_proxy", [True, False])
def test_an_upload_that_is_too_large_gets_the_page_of_the_house(program, proxy, behind_proxy):
    """In the reader's language, also for whoever is still sending when the program has decided."""
    connection = http.client.HTTPConnection("127.0.0.1", proxy if behind_proxy else program)
    headers = {"Content-Type": "multipart/form-data; boundary=x", "Cookie": "lang=ms"}
    connection.request("POST", "/give", body=bytes(40 * 1024 * 1024), headers=headers)
    answer = connection.getresponse()
    assert answer.status == 413
    page = answer.read().decode()
    assert '<html lang="ms">' in page
    assert "Terlalu besar" in page
    connection.close()


def test_an_upload_beyond_all_measure_is_refused_before_it_reaches_the_program(proxy):
    connection = http.client.HTTPConnection("127.0.0.1", proxy, timeout=10)
    connection.putrequest("POST", "/give")
    connection.putheader("Content-Length", str(65 * 1024 * 1024))
    connection.endheaders()
    answer = connection.getresponse()
    assert answer.status == 413
    assert b"nginx" in answer.read()
    connection.close()


def test_the_proxy_lets_more_through_than_the_program_reads():
    """So that what is too large is told by the program, in the reader's language."""
    megabytes = re.search(r"client_max_body_size (\d+)m;", PROXY.read_text()).group(1)
    assert int(megabytes) * 1024 * 1024 > MOST_SENT


def test_the_sample_itself_can_be_read(tmp_path):
    """With a certificate of our own in place of the one that it names."""
    subprocess.run(
        ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-subj", "/CN=fund",
         "-keyout", tmp_path / "privkey.pem", "-out", tmp_path / "fullchain.pem"],
        check=True, capture_output=True,
    )  # fmt: skip
    sample = re.sub(r"/etc/letsencrypt/\S+/", f"{tmp_path}/", SAMPLE.read_text())
    sample = sample.replace("/etc/nginx/fund-proxy.conf", str(PROXY))
    main = tmp_path / "main.conf"
    main.write_text(
        f"pid {tmp_path}/pid; error_log {tmp_path}/error.log; events {{}}"
        f" http {{ access_log off; {sample} }}"
    )
    tried = subprocess.run(
        [NGINX, "-t", "-c", str(main), "-e", str(tmp_path / "error.log")],
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert tried.returncode == 0, tried.stderr

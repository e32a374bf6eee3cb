"""Static files: small, kept for good under a name of their content, and complete."""

import gzip
import re
from pathlib import Path

import brotli
import pytest
from flask import url_for

pytestmark = pytest.mark.sqlite

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture
def address(app):
    def find(name):
        with app.test_request_context():
            return url_for("static", filename=name)

    return find


def test_a_name_carries_its_content_and_is_kept_for_good(client, address):
    url = address("js/app.js")
    assert re.fullmatch(r"/static/js/app\.[0-9a-f]{12}\.js", url)
    answer = client.get(url)
    assert answer.headers["Cache-Control"] == "public, max-age=31536000, immutable"
    assert answer.headers["Vary"] == "Accept-Encoding"
    assert answer.data == (ROOT / "static/js/app.js").read_bytes()


def test_another_content_has_another_name(tmp_path):
    from fundapp.web.static_files import SHEETS, read_folder

    (tmp_path / "css").mkdir()
    for name in (*SHEETS, "print"):
        (tmp_path / f"css/{name}.css").write_text(f".{name} {{}}")
    before = read_folder(tmp_path).hashed_names
    (tmp_path / "css/theme.css").write_text(".theme { color: red }")
    read_folder.cache_clear()
    after = read_folder(tmp_path).hashed_names
    changed = {name for name in after if after[name] != before[name]}
    assert changed == {"css/theme.css", "css/pages.css"}


def test_a_page_of_another_release_gets_a_file_that_is_not_kept(client, address):
    old = address("js/app.js").replace("app.", "app.0", 1).replace(".js", "0.js")
    for url in ("/static/js/app.000000000000.js", "/static/css/pages.000000000000.css"):
        answer = client.get(url)
        assert (answer.status_code, answer.headers["Cache-Control"]) == (200, "no-store")
    assert client.get(old).status_code == 404


@pytest.mark.parametrize("path", ["../config.py", "css/../../config.py", "css", "", "css/pages"])
def test_nothing_but_the_files_of_the_folder_is_served(client, path):
    assert client.get(f"/static/{path}").status_code in {400, 404}


@pytest.mark.parametrize(
    ("accepted", "encoding", "read"),
    [
        ("gzip, deflate, br", "br", brotli.decompress),
        ("gzip", "gzip", gzip.decompress),
        ("br;q=0, gzip;q=0.5", "gzip", gzip.decompress),
        ("identity", None, bytes),
        ("", None, bytes),
    ],
)
def test_text_is_compressed_as_the_browser_takes_it(client, address, accepted, encoding, read):
    answer = client.get(address("css/pages.css"), headers={"Accept-Encoding": accepted})
    assert answer.headers.get("Content-Encoding") == encoding
    assert "Accept-Encoding" in answer.headers["Vary"]
    assert b"@media print" in read(answer.data)


def test_a_font_is_sent_as_it_is_and_known_again(client, address):
    url = address("fonts/sarabun/sarabun-400.woff2")
    answer = client.get(url, headers={"Accept-Encoding": "br"})
    assert answer.content_type == "font/woff2"
    assert "Content-Encoding" not in answer.headers
    again = client.get(url, headers={"If-None-Match": answer.headers["ETag"]})
    assert (again.status_code, again.data) == (304, b"")


def test_every_address_in_a_style_sheet_is_served_for_good(client, address):
    sheet = client.get(address("css/pages.css")).text
    urls = re.findall(r'url\("\.\./([^"]+)"\)', sheet)
    assert len(urls) == 2
    for url in urls:
        assert "immutable" in client.get(f"/static/{url}").headers["Cache-Control"]


def test_the_first_view_of_the_home_page_is_light(client, address, session):
    """What a phone that was never here loads: at most 90 kB in 10 requests, Thai fonts included."""
    browser = {"Accept-Encoding": "gzip, deflate, br"}
    page = client.get("/", headers=browser)
    text = brotli.decompress(page.data).decode()
    urls = set(re.findall(r'(?:href|src)="(/static/[^"#]+)', text))
    sheet = next(url for url in urls if url.endswith(".css"))
    fonts = re.findall(r'url\("\.\.(/fonts[^"]+)"\)', client.get(sheet).text)
    urls |= {f"/static{url}" for url in fonts}
    sizes = {url: len(client.get(url, headers=browser).data) for url in urls}
    assert len(sizes) + 1 <= 10, sizes
    assert len(page.data) + sum(sizes.values()) <= 90_000, sizes
    assert text.count('rel="preload"') == 1

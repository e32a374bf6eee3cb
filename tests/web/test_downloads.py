"""Files that are made while they are sent."""

import pytest

from fundapp.web.downloads import csv_download, text_download


@pytest.mark.sqlite
def test_a_csv_file_opens_in_a_spreadsheet(app):
    with app.test_request_context():
        answer = csv_download("funds", ["code", "name"], [["A", "ทุน"], ["B", "=1+1"]])
        content = answer.get_data().decode("utf-8-sig")
        assert answer.get_data().startswith(b"\xef\xbb\xbf")
    assert answer.content_type == "text/csv; charset=utf-8"
    assert answer.headers["Content-Disposition"] == 'attachment; filename="funds.csv"'
    lines = content.splitlines()
    assert lines[0] == "code,name"
    assert lines[1] == "A,ทุน"
    assert not lines[2].startswith("B,=")


def test_a_file_is_sent_in_pieces_while_the_request_lasts(app):
    with app.test_request_context():
        answer = text_download("books.journal", "text/plain", iter(["first\n", "second\n"]))
        assert answer.is_streamed
        assert list(answer.iter_encoded()) == [b"first\n", b"second\n"]
    assert answer.content_type == "text/plain; charset=utf-8"
    assert answer.headers["Content-Disposition"] == 'attachment; filename="books.journal"'

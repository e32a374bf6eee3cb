"""The pages of banking together: a whole story, empty pages, and who may see them."""

import pytest

from fundapp.banking import queries
from fundapp.db import db
from fundapp.giving.models import Payment
from tests.banking.pages import text, upload
from tests.factories.banking import (
    Move,
    detail_of,
    import_moves,
    make_single_pledge,
    move_of,
    statement_file,
)
from tests.factories.identity import make_user, sign_in

pytestmark = pytest.mark.sqlite


def test_the_whole_story_over_http(officer):
    """Upload, one click, and the payment is recorded with its reason."""
    pledge = make_single_pledge(name="Aminah Sani")
    answer = upload(officer, statement_file([move_of(pledge), Move(100, "nobody", time="12:00")]))
    assert answer.status_code == 303
    url = answer.headers["Location"]
    body = text(officer.get(url))
    assert "2 new lines" in body
    assert "Match all certain (1)" in body
    assert f"The text names reference {pledge.instalments[0].reference}." in body
    assert "Aminah Sani" in body
    answer = officer.post(f"{url}/match-certain")
    assert answer.status_code == 303
    body = text(officer.get(url))
    assert "1 line is matched." in body
    assert "Match all certain" not in body
    (payment,) = db.session.scalars(db.select(Payment)).all()
    assert f"/payments/{payment.public_id}" in body
    assert "1 to match" in text(officer.get("/bank/statements"))


def test_text_of_a_bank_is_only_text(officer):
    """Whoever writes a transfer's text writes it to our pages, too."""
    evil = "<script>alert(1)</script>"
    (line,) = import_moves(Move(50_000, evil))
    for url in (
        f"/bank/statements/{line.statement.public_id}",
        f"/bank/lines/{line.public_id}",
        "/bank/lines",
        "/bank/reconciliation?account=KTB-MAIN",
    ):
        body = text(officer.get(url))
        assert evil not in body
        assert "&lt;script&gt;alert(1)" in body


@pytest.mark.parametrize("language", ["th", "en", "ms"])
def test_empty_pages(officer, language):
    for url in ("/bank/statements", "/bank/lines", "/bank/reconciliation", "/bank/statements/new"):
        assert officer.get(f"{url}?lang={language}").status_code == 200


@pytest.mark.parametrize("path", ["/bank/statements/x", "/bank/lines/x"])
def test_unknown_ids(officer, path):
    assert officer.get(path).status_code == 404


def test_auditors_read_and_change_nothing(auditor):
    (line,) = import_moves(move_of(make_single_pledge()))
    url = f"/bank/statements/{line.statement.public_id}"
    body = text(auditor.get(url))
    assert "The text names reference" in body
    assert "Match all certain" not in body
    assert '<form class="post-button"' not in body.split("<main", 1)[1]
    assert auditor.get(f"/bank/lines/{line.public_id}").status_code == 200
    assert auditor.get("/bank/reconciliation").status_code == 200
    for path in (f"{url}/match-certain", f"/bank/lines/{line.public_id}/match"):
        assert auditor.post(path, data={"instalment_reference": detail_of(line)}).status_code == 403
    assert auditor.get("/bank/statements/new").status_code == 403
    assert queries.count_open_lines()[0] == 1


def test_others_may_not_read(bank, client):
    assert client.get("/bank/statements").headers["Location"].startswith("/sign-in")
    sign_in(client, make_user("case_manager"))
    assert client.get("/bank/statements").status_code == 403

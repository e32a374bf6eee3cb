"""The trail names people, things, verbs and values in the reader's language, with links where the
reader may go, and with as many queries for a full page as for a short one.
"""

import csv
import io
import re
from datetime import timedelta

import pytest
from flask import current_app
from sqlalchemy import event, select

from fundapp import clock as clocks
from fundapp.access.actors import VISITOR
from fundapp.access.permissions import Role
from fundapp.audit.naming import name_events
from fundapp.children.operations import change_child, look_up_child
from fundapp.db import db, unit_of_work
from fundapp.disbursements.models import Decision
from fundapp.giving.models import Receipt
from fundapp.giving.operations import change_pledge
from fundapp.identity.role_rows import ROLES
from fundapp.ledger.kinds import LET_GO_LIMIT
from fundapp.trail.models import AuditEvent
from fundapp.trail.operations import record_event
from tests.factories.actors import OFFICER, WORKER
from tests.factories.banking import Move, import_moves, make_bank_account
from tests.factories.books import make_fund
from tests.factories.children import child_facts
from tests.factories.disbursements import decide, make_paid, make_request, make_team, prove
from tests.factories.giving import make_payment, make_pledge, make_return
from tests.factories.identity import agree, give, make_user, sign_in
from tests.factories.mail import make_message

#: Names are given in Python to the rows of one page of the trail, which is read on both databases
#: in tests/trail.
pytestmark = pytest.mark.sqlite

#: Public ids are 22 letters, row ids 18 digits: nobody reads those.
OPAQUE = re.compile(r">[^<]*(?<![\w/=-])(?:[\w-]{22}|\d{18})(?![\w-])[^<]*<")


def make_books():
    """A little of everything that the trail tells of."""
    team = make_team()
    make_bank_account()
    make_fund("YAWI")
    paid = make_paid(team)
    prove(paid, team)
    decide(make_request(team), team, Decision.RETURN, reason="incomplete")
    pledge = make_pledge()
    payment = make_payment(50_000, pledge.instalments[0])
    make_return(make_payment(6_000))
    starts_on = clocks.today() + timedelta(days=7)
    unit_of_work(
        change_pledge, pledge.token, amount_satang=240_000, starts_on=starts_on, actor=VISITOR
    )
    asker = team.asker.as_actor()
    unit_of_work(change_child, team.child.public_id, child_facts(), actor=asker)
    unit_of_work(look_up_child, "C-0000000", actor=asker)
    (line,) = import_moves(Move(700))
    agree(ROLES, team.asker.public_id, {"case_manager": ["9505", "9506"]})
    agree(LET_GO_LIMIT, "YAWI", {"satang": 700})
    somebody = make_user(Role.AUDITOR, name="Somsri Auditor")
    give(somebody, {Role.APPROVER: frozenset()})
    return {"team": team, "paid": paid, "pledge": pledge, "payment": payment, "line": line}


@pytest.fixture
def books(build_once, clock):
    """That, built once."""
    return build_once("audit/naming", make_books)


@pytest.fixture
def auditor(books):
    return make_user(Role.AUDITOR, name="Aree Auditor")


def desk_of(user, lang="en"):
    client = current_app.test_client()
    sign_in(client, user)
    client.set_cookie("lang", lang)
    return client


def happen(action, kind, ref, *, actor=OFFICER, note="", changes=None):
    unit_of_work(
        record_event, action, actor=actor, subject_type=kind, subject_ref=ref, note=note,
        changes=changes,
    )  # fmt: skip


def rows(page):
    """The text of each row of the table."""
    found = re.findall(r"<tr>\s*<td class=\"nowrap\".*?</tr>", page.text, re.DOTALL)
    return [" ".join(re.sub(r"<[^>]*>", " ", row).split()) for row in found]


def row_of(user, action, lang="en", **query):
    page = desk_of(user, lang).get("/audit/trail", query_string={"action": action, **query})
    assert page.status_code == 200
    return rows(page)[0]


def every_page(client):
    """The pages of the trail, from the newest."""
    address = "/audit/trail"
    while address:
        page = client.get(address)
        yield page
        following = re.search(r'rel="next" href="([^"]+)"', page.text)
        address = following.group(1).replace("&amp;", "&") if following else ""


@pytest.mark.parametrize("role", [Role.AUDITOR, Role.ADMINISTRATOR])
def test_no_id_is_left_on_the_page(books, auditor, role):
    happen("mail:message:retry", "message", str(unit_of_work(make_message).id))
    pages = list(every_page(desk_of(auditor if role is Role.AUDITOR else make_user(role))))
    assert sum(len(rows(page)) for page in pages) > 30
    for page in pages:
        assert OPAQUE.findall(page.text) == []


def test_things_have_the_names_that_people_use(books, auditor):
    team, line = books["team"], books["line"]
    receipt = db.session.scalars(
        select(Receipt).where(Receipt.payment_id == books["payment"].id)
    ).one()
    assert books["paid"].number in row_of(auditor, "disbursements:request:pay")
    assert f"Receipt {receipt.label}" in row_of(
        auditor, "giving:payment:receive", subject="payment", subject_ref=receipt.label
    )
    issued = {"subject": "receipt", "subject_ref": receipt.label}
    assert f"Receipt {receipt.label}" in row_of(auditor, "giving:receipt:issue", **issued)
    assert books["pledge"].instalments[0].reference in row_of(auditor, "giving:pledge:change")
    assert team.child.code in row_of(auditor, "children:child:change")
    assert "Fund YAWI (YAWI)" in row_of(auditor, "ledger:fund:open", subject="fund", ref="YAWI")
    assert "(KTB-MAIN)" in row_of(auditor, "banking:account:open")
    statement = row_of(auditor, "banking:statement:import")
    assert re.search(r"KTB-MAIN · \d+ Nov 2026 – \d+ Nov 2026", statement)
    assert "Lines: 1 new, 0 completed, 0 known, 0 no longer stated" in statement
    happen("banking:line:hold", "statement_line", line.public_id)
    assert re.search(r"KTB-MAIN · \d+ Nov 2026 · 7\.00", row_of(auditor, "banking:line:hold"))
    happen("ledger:period:close", "period", "2026-10-01")
    assert "Month October 2026" in row_of(auditor, "ledger:period:close")
    happen("identity:session:refuse", "user", "unknown")
    assert "Nobody whom the fund knows" in row_of(auditor, "identity:session:refuse")


def test_who_did_it_is_named_too(books, auditor):
    assert "A visitor, not signed in" in row_of(auditor, "giving:pledge:change")
    happen("mail:message:retry", "message", "1", actor=WORKER)
    assert "The program by itself" in row_of(auditor, "mail:message:retry")
    assert books["team"].asker.name in row_of(auditor, "children:child:change")


def test_values_before_and_after_are_in_the_readers_form(books, auditor):
    changed = row_of(auditor, "giving:pledge:change")
    assert "→ 2,400.00" in changed
    assert "Amount (baht):" in changed
    assert "First day: 24 November 2026 → 1 December 2026" in changed
    proposals = desk_of(auditor).get("/audit/trail?action=proposals:proposal:confirm")
    limit, roles = rows(proposals)
    assert "How much of a pledge a fund lets go: Fund YAWI" in limit
    assert "At most (baht): 1.00 → 7.00" in limit
    assert books["team"].asker.name in roles
    assert re.search(r"Case manager: \w+ → \w+, \w+", roles)
    given = row_of(auditor, "identity:user:change-roles")
    assert "Roles: Auditor → Approver" in given


def test_verbs_kinds_notes_and_days_are_in_the_readers_language(books, auditor):
    paid = row_of(auditor, "disbursements:request:prove", "th")
    assert "24 พ.ย. 69" in paid
    for words in ("Proof of receipt filed", "Request for help", "received", "disbursement"):
        assert words.lower() not in paid.lower()
    changed = row_of(auditor, "giving:pledge:change", "th")
    assert "24 พฤศจิกายน 2569 → 1 ธันวาคม 2569" in changed
    happen("ledger:period:close", "period", "2026-10-01")
    assert "ตุลาคม 2569" in row_of(auditor, "ledger:period:close", "th")


def test_links_lead_where_the_reader_may_go(books, auditor):
    paid, team = books["paid"], books["team"]
    request = f'href="/disbursements/{paid.public_id}"'
    child = f'href="/children/{team.child.public_id}"'
    person = f'href="/users/{team.asker.public_id}"'
    seen = "".join(page.text for page in every_page(desk_of(auditor)))
    assert request in seen
    assert child not in seen
    assert person not in seen
    seen = "".join(page.text for page in every_page(desk_of(make_user(Role.ADMINISTRATOR))))
    assert person in seen
    assert request not in seen
    assert child not in seen


def test_every_person_on_the_page_has_a_page(books, client):
    sign_in(client, make_user(Role.ADMINISTRATOR))
    links = set(re.findall(r'href="(/users/[^"?/]+)"', client.get("/audit/trail?lang=en").text))
    assert len(links) > 2
    assert {link: client.get(link).status_code for link in links} == dict.fromkeys(links, 200)


def test_who_may_not_know_donors_is_not_told_their_names(books, auditor):
    make_pledge(name="Cikgu Donor", email="cikgu@example.org")
    assert "Cikgu Donor" in row_of(auditor, "giving:donor:register")
    administrator = make_user(Role.ADMINISTRATOR)
    assert "Name not shown to your role" in row_of(administrator, "giving:donor:register")


@pytest.mark.parametrize("lower", [False, True])
def test_a_thing_is_found_by_what_people_call_it(books, auditor, lower):
    team, client = books["team"], desk_of(auditor)
    wanted = {
        ("disbursement_request", books["paid"].number): 4,
        ("child", team.child.code): 3,
        ("pledge", books["pledge"].instalments[0].reference): 2,
        ("user", team.asker.name): 2,
        ("fund", "Fund YAWI"): 2,
    }
    for (kind, name), least in wanted.items():
        text = name.lower() if lower else name
        page = client.get("/audit/trail", query_string={"subject": kind, "subject_ref": text})
        assert len(rows(page)) >= least, name
        assert all(name in row or kind in {"user", "fund"} for row in rows(page))
    nobody = client.get("/audit/trail?subject=user&subject_ref=nobody+at+all")
    assert "Nothing found" in nobody.text


def test_the_history_of_a_thing_is_one_link_away(books, auditor):
    client, line = desk_of(auditor), books["line"]
    happen("banking:line:hold", "statement_line", line.public_id)
    page = client.get("/audit/trail?action=banking:line:hold")
    link = re.search(r'href="(\?subject=statement_line[^"]*)"', page.text).group(1)
    history = client.get("/audit/trail" + link.replace("&amp;", "&"))
    assert len(rows(history)) == 1
    assert "Only what was done to: Line of a statement KTB-MAIN" in history.text
    reading = row_of(auditor, "audit:journal:read")
    assert re.search(r"Thing: Line of a statement; .*Its number: KTB-MAIN · ", reading)


def test_the_file_has_names_and_ids(books, auditor):
    answer = desk_of(auditor).get("/audit/trail?format=csv&action=disbursements:request:pay")
    (row,) = csv.DictReader(io.StringIO(answer.text.lstrip("\ufeff")))
    paid, payer = books["paid"], books["team"].payer
    assert (row["who"], row["name"]) == (payer.public_id, payer.name)
    assert (row["action"], row["done"]) == ("disbursements:request:pay", "Paid out")
    assert (row["thing"], row["kind"]) == ("disbursement_request", "Request for help")
    assert (row["number"], row["thing_name"]) == (paid.public_id, paid.number)


def test_a_kind_that_nobody_registered_is_shown_as_it_is(books, auditor):
    happen("x:y:z", "unheard_of", "ref-1", note="why", changes={"a": ("1", "2")})
    found = rows(desk_of(auditor).get("/audit/trail"))
    assert any("x:y:z why unheard_of ref-1 History a: 1 → 2" in row for row in found)


def queries_of(events, viewer):
    """How many queries naming the events asks."""
    statements = []

    def note(*arguments):
        statements.append(arguments[2])

    event.listen(db.engine, "before_cursor_execute", note)
    with current_app.test_request_context():
        assert len(name_events(events, viewer=viewer)) == len(events)
    event.remove(db.engine, "before_cursor_execute", note)
    return len(statements)


def test_a_full_page_asks_no_more_queries_than_a_short_one(books, auditor):
    team, viewer = books["team"], auditor.as_actor()
    for number in range(4):
        make_request(team)
        make_payment(10_000 + number, make_pledge(name=f"Giver {number}").instalments[0])
        agree(ROLES, make_user(Role.APPROVER).public_id, {"auditor": []})
        agree(LET_GO_LIMIT, "YAWI", {"satang": 800 + number})
        happen("mail:message:retry", "message", str(unit_of_work(make_message).id))
        desk_of(auditor).get("/audit/trail", query_string={"person": f"Person {number}"})
    events = db.session.scalars(select(AuditEvent)).all()
    one_of_each = {
        (each.subject_type, each.action, each.note.partition(" ")[0]): each for each in events
    }
    few = list(one_of_each.values())
    assert len({each.subject_type for each in few}) > 10
    assert len(events) > len(few) + 50
    assert queries_of(events, viewer) == queries_of(few, viewer) < 30

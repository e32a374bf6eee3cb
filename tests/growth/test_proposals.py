"""Lists of proposals ask once for each kind, however many proposals of it there are."""

from fundapp.access.permissions import Role
from fundapp.db import db
from fundapp.identity.queries import get_user
from fundapp.identity.role_rows import ROLES
from fundapp.proposals.models import Proposal
from fundapp.proposals.registry import ProposalKind, list_kinds
from fundapp.proposals.things import ProposalThing
from tests.factories.advances import make_cash
from tests.factories.books import make_fund
from tests.factories.identity import make_user, sign_in
from tests.growth.measures import measured
from tests.growth.proposals import make_things, propose

LISTS = ("/proposals", "/proposals?after={middle}", "/proposals?state=waiting")
TRAIL = "/audit/trail?subject=proposal&format=csv"
#: For three dozen kinds: labels and values are read with about one statement for each.
MOST = 55


def test_lists_of_proposals_ask_once_for_each_kind(session, clock, app):
    make_fund("GENERAL")
    make_cash(100_000)
    proposer = make_user(Role.FUND_OFFICER)
    things = [make_things(number) for number in (1, 2, 3)]
    assert {kind.name for kind in list_kinds()} == things[0].keys()
    clients = {TRAIL: client_of(app, Role.AUDITOR)}
    clients |= dict.fromkeys(LISTS, client_of(app, Role.ADMINISTRATOR))

    def asked():
        return {page: statements_of(client, page) for page, client in clients.items()}

    propose(things[:1], proposer)
    few = asked()
    propose(things[1:], proposer)
    assert asked() == few
    assert max(few.values()) <= MOST, few

    page, waiting = (open_page(clients[each], each) for each in (LISTS[0], LISTS[2]))
    trail = open_page(clients[TRAIL], TRAIL)
    for each in things:
        user = get_user(each[ROLES][0])
        whole = f"{user.name} ({user.email})"
        assert (whole in page, whole in waiting) == (True, True)
        assert (user.name in trail, user.email in trail) == (True, False), "it tells no address"
    assert waiting.count("the bank has not shown this gift yet") == len(things)


def client_of(app, role):
    client = app.test_client()
    sign_in(client, make_user(role))
    client.set_cookie("lang", "en")
    return client


def statements_of(client, page):
    """How many a page asks at least: now and then it looks at the clock of the server too."""
    counts = []
    for _ in range(3):
        with measured() as costs:
            open_page(client, page)
        counts.append(len(costs.queries))
    return min(counts)


def open_page(client, page):
    middle = db.session.scalar(db.select(db.func.max(Proposal.id)))
    answer = client.get(page.format(middle=middle))
    assert answer.status_code == 200
    return answer.text


def test_what_there_is_not_is_listed_by_its_number(session, clock, app):
    """A proposal whose thing is not found is on the list, and on no page of its own."""
    proposer, client = make_user(Role.FUND_OFFICER), client_of(app, Role.ADMINISTRATOR)
    nobody = {kind: ("nobody>nobody", {}) for kind in ("roles", "advance-clearing", "fund-status")}
    propose([nobody], proposer)
    page = client.get("/proposals")
    assert (page.status_code, page.text.count("nobody&gt;nobody")) == (200, 2 * len(nobody))
    for proposal in db.session.scalars(db.select(Proposal)):
        assert client.get(f"/proposals/{proposal.public_id}").status_code == 404
    found = ProposalThing().find(
        [each.public_id for each in db.session.scalars(db.select(Proposal))], proposer.as_actor()
    )
    assert {thing.name.endswith(": nobody>nobody") for thing in found.values()} == {True}


def test_no_kind_says_twice_what_a_subject_is_called(app):
    """One of each pair is written, and the other one follows from it."""
    pairs = (("subject_label", "subject_labels"), ("rows", "rows_of"))
    wrong = [
        (kind.name, pair)
        for kind in list_kinds()
        for pair in pairs
        if sum(getattr(type(kind), each) is not getattr(ProposalKind, each) for each in pair) != 1
    ]
    assert wrong == []

"""Whoever handed a child on no longer sees its file: the rule, and every way to a file."""

import io

import pytest
from sqlalchemy import func, select, update

from fundapp.access.actors import Grant, person
from fundapp.access.permissions import Permission, Role
from fundapp.agencies.operations import accept_referral
from fundapp.agencies.queries import list_referrals_of
from fundapp.children import operations as children
from fundapp.children.casework.models import CaseEntry, CaseKind
from fundapp.children.errors import HandedOnError
from fundapp.children.handovers.operations import drop_handover
from fundapp.children.handovers.steps import begin_care
from fundapp.children.models import Child, CloseReason, Consent
from fundapp.children.queries import get_child
from fundapp.children.queries.visibility import seen_of, visible_to
from fundapp.db import db, unit_of_work
from fundapp.documents.models import Document
from fundapp.errors import NotFoundError
from fundapp.identity.models import User, UserStatus
from fundapp.mail.models import MailMessage
from fundapp.trail.models import AuditEvent, ChildRead
from tests.documents.pictures import picture
from tests.factories.agencies import let_in, make_agency, refer
from tests.factories.casework import hand_on, hand_over_to, write_case_entry
from tests.factories.children import MUEANG, RAMAN, YAHA, child_draft, every_consent, make_child
from tests.factories.identity import make_user, sign_in

NAME, FAMILY = "นูรีฮาน", "สมมุติวงศ์"


def browser_of(app, user):
    client = app.test_client()
    sign_in(client, user)
    client.set_cookie("lang", "en")
    return client


def case_manager(*districts):
    return make_user(Role.CASE_MANAGER, districts or (RAMAN,))


#: What was with a child, and whether a case manager of its district who once had it still sees it.
STATES = {
    "never": True, "mine": True, "handed on": False, "of nobody": True, "of one who left": True,
    "offered to me": True, "handed back": True, "handed on again": False, "I closed it": True,
    "closed by the next": False, "came to me": True,
}  # fmt: skip


def make_states(me, other):
    """A child of each state, all of Raman."""
    left, third = case_manager(), case_manager()
    found = {name: make_child(other if name == "never" else me) for name in STATES}
    goes_on = {
        "handed on": [other], "of one who left": [left], "offered to me": [other],
        "handed back": [other, me], "handed on again": [other, third],
        "closed by the next": [other], "came to me": [other, me],
    }  # fmt: skip
    for name, people in goes_on.items():
        for by, to in zip([me, *people], people, strict=False):
            hand_on(found[name], by, to)
    hand_over_to(found["offered to me"], other, me)
    unit_of_work(begin_care, found["of nobody"], None)
    for name, by in (("I closed it", me), ("closed by the next", other)):
        closed = found[name].public_id
        unit_of_work(children.close_child, closed, CloseReason.FINISHED, actor=by.as_actor())
    gone = update(User).where(User.id == left.id).values(status=UserStatus.DISABLED)
    unit_of_work(db.session.execute, gone)
    return found


#: Roles of whoever had the children: they show all, nothing, or what the state says.
VIEWERS = {
    "case manager": ([Grant(Role.CASE_MANAGER, frozenset({RAMAN}))], None),
    "of two districts": ([Grant(Role.CASE_MANAGER, frozenset({RAMAN, YAHA}))], None),
    "elsewhere": ([Grant(Role.CASE_MANAGER, frozenset({YAHA}))], False),
    "supervisor": ([Grant(Role.SUPERVISOR, frozenset({RAMAN}))], True),
    "both": (
        [Grant(Role.CASE_MANAGER, frozenset({RAMAN})), Grant(Role.SUPERVISOR, frozenset({RAMAN}))],
        True,
    ),
    "supervisor elsewhere": (
        [Grant(Role.CASE_MANAGER, frozenset({RAMAN})), Grant(Role.SUPERVISOR, frozenset({YAHA}))],
        None,
    ),
    "approver too": ([Grant(Role.CASE_MANAGER, frozenset({RAMAN})), Grant(Role.APPROVER)], True),
    "officer": ([Grant(Role.FUND_OFFICER)], False),
}


def test_the_rule_in_sql_is_the_rule_in_words(app, clock, manager):
    other = case_manager()
    found = make_states(manager, other)
    db.session.rollback()
    files = {name: db.session.get_one(Child, child.id) for name, child in found.items()}
    wrong = []
    for viewer, (grants, sees) in VIEWERS.items():
        actor = person(manager.public_id, manager.id, grants)
        works = any(each.role is Role.CASE_MANAGER and RAMAN in each.districts for each in grants)
        for permission in (Permission.CHILD_READ, Permission.CHILD_REGISTER):
            by_sql = set(db.session.scalars(select(Child.id).where(visible_to(actor, permission))))
            at_once = seen_of(actor, files.values(), permission)
            for name, child in files.items():
                is_read = permission is Permission.CHILD_READ
                expected = sees if is_read and sees is not None else works and STATES[name]
                answers = (child.id in by_sql, child.id in at_once)
                if answers != (expected, expected):
                    wrong.append((viewer, permission, name, answers))
    assert wrong == []
    stranger = person("x", other.id + 1, [Grant(Role.CASE_MANAGER, frozenset({RAMAN}))])
    assert len(seen_of(stranger, files.values())) == len(STATES), "colleagues stand in"


@pytest.fixture
def case(app, clock, build_once):
    """A child with everything in its file, and who had it, who has it, who has nothing to do
    with it.
    """

    def make():
        me, other, elsewhere = case_manager(), case_manager(), case_manager(MUEANG)
        facts = {"given_name": NAME, "family_name": FAMILY, "consents": every_consent()}
        child = make_child(me, **facts)
        mine = browser_of(app, me)
        url = f"/children/{child.public_id}"
        visit = {
            "on_day": "20/11/2569",
            "visit_met": "ยายของเด็ก",
            "document": (io.BytesIO(picture()), "a.jpg"),
        }
        assert mine.post(f"{url}/casework/visit", data=visit).status_code == 303
        paper = {
            "kind": "share_facts", "signer_name": "Aminah Invented", "relation": "mother",
            "signed_on": "01/11/2569", "capacity": "parental_power",
            "document": (io.BytesIO(picture(size=(60, 41))), "b.jpg"),
        }  # fmt: skip
        mine.post(f"{url}/consents", data=paper)
        write_case_entry(child, me, CaseKind.FOLLOW_UP)
        refer(child, make_agency(), me)
        return child.public_id, child.code, me, other, elsewhere

    return build_once("handed_on/case", make)


def paths_of(app, child):
    """(method, path) of every page of the file of a child, with ids that are there."""
    documents = db.session.scalars(select(Document).order_by(Document.id)).all()
    photo = next(each for each in documents if each.subject_type == "home_visit")
    entry = db.session.scalars(select(CaseEntry).where(CaseEntry.child_id == child.id)).first()
    consent = db.session.scalars(select(Consent).where(Consent.child_id == child.id)).first()
    values = {
        "public_id": child.public_id, "entry_id": entry.public_id, "kind": "note",
        "photo_id": photo.public_id, "consent_id": consent.id, "guardian_id": "none",
    }  # fmt: skip
    adapter = app.url_map.bind("localhost")
    for rule in app.url_map.iter_rules():
        if not rule.rule.startswith("/children/<public_id>"):
            continue
        chosen = {name: values[name] for name in rule.arguments}
        for method in sorted(rule.methods & {"GET", "POST"}):
            yield method, adapter.build(rule.endpoint, chosen, method=method)


def rows_now():
    """How many rows there are of what a former case manager could have made."""
    db.session.rollback()
    tables = CaseEntry, Consent, Document, ChildRead, AuditEvent
    return [db.session.scalar(select(func.count()).select_from(each)) for each in tables]


def opened(client, method, path):
    answer = client.open(path, method=method, data={"words": "x"} if method == "POST" else None)
    return answer.status_code, answer.text


def test_each_page_of_the_file_is_that_of_another_district(app, case):
    public_id, code, me, other, elsewhere = case
    child = db.session.scalars(select(Child).where(Child.public_id == public_id)).one()
    paths = list(paths_of(app, child))
    assert len(paths) > 25
    former, stranger = browser_of(app, me), browser_of(app, elsewhere)
    before = [path for method, path in paths if method == "GET"]
    seen = [path for path in before if former.get(path).status_code == 200]
    assert len(seen) >= 8, "what is refused below was shown to the same person before"
    reads = db.session.scalar(select(func.count()).select_from(ChildRead))
    hand_on(child, me, other)
    rows = rows_now()
    wrong = []
    for method, path in paths:
        mine, theirs = opened(former, method, path), opened(stranger, method, path)
        if mine[0] != theirs[0] or mine[0] not in (403, 404) or NAME in mine[1] or code in mine[1]:
            wrong.append((method, path, mine[0], theirs[0]))
    assert wrong == []
    assert [path for path in seen if former.get(path).status_code != 404] == []
    assert rows_now()[:4] == rows[:4], "nothing was written, and nothing read"
    assert rows[3] >= reads, "what was read before stays"
    assert browser_of(app, other).get(f"/children/{public_id}").status_code == 200
    assert browser_of(app, case_manager()).get(f"/children/{public_id}").status_code == 200


def test_lists_and_searches_leave_the_child_out(app, case):
    public_id, code, me, other, _elsewhere = case
    child = db.session.scalars(select(Child).where(Child.public_id == public_id)).one()
    pages = (
        "/children", "/children?district=9506", "/children/due?whose=all", "/children/consents",
        "/referrals", f"/children/managers/{other.public_id}", "/children/managers/none",
        "/children/handovers", "/children/duplicates", "/disbursements/new?district=9506",
    )  # fmt: skip
    former = browser_of(app, me)
    assert sum(code in former.get(page).text for page in pages) >= 4
    hand_on(child, me, other)
    shown = [page for page in pages if code in former.get(page).text]
    assert shown == []
    for text in (NAME, FAMILY, code):
        assert former.post("/children/find", data={"id": text}).status_code == 422
        find = {"wanted": text, "find": "1", "district": RAMAN}
        assert f"({code})" not in former.post("/disbursements/new", data=find).text
    assert former.get("/children/find", query_string={"id": code}).status_code == 422
    assert former.get("/disbursements", query_string={"child": code}).status_code == 404
    chosen = former.get("/disbursements/new", query_string={"child": code}).text
    assert (f"({code})" in chosen, NAME in chosen) == (False, False)
    assert former.get("/referrals/new", query_string={"child": public_id}).status_code == 404
    referral = child_referral(child)
    assert former.get(f"/referrals/{referral.number}").status_code == 404
    assert code in browser_of(app, other).get("/referrals").text
    draft = {"form_id": "late", "code": code, "on_day": "20/11/2569", "visit_met": "ยาย"}
    assert former.post("/visits/draft", data=draft).status_code == 422
    # Of a possible duplicate no more is told than of another district's child.
    typed = child_draft(given_name=NAME, family_name=FAMILY, district_code=RAMAN)
    found, _holder = unit_of_work(
        children.find_alike_files, typed.facts, "Aminah Invented", actor=me.as_actor()
    )
    assert [each.is_seen for each in found] == [False]


def child_referral(child):
    return list_referrals_of(child)[0]


def test_a_form_that_was_opened_before_changes_nothing(app, case):
    public_id, _code, me, other, _elsewhere = case
    child = db.session.scalars(select(Child).where(Child.public_id == public_id)).one()
    entry = db.session.scalars(
        select(CaseEntry).where(CaseEntry.child_id == child.id, CaseEntry.kind == "follow_up")
    ).one()
    former, url = browser_of(app, me), f"/children/{public_id}"
    assert former.get(f"{url}/casework/note").status_code == 200
    hand_over_to(child, me, other)
    assert former.get(url).status_code == 200, "until it is taken nothing changes"
    theirs = browser_of(app, other)
    assert theirs.post(f"{url}/handover/take").status_code == 303
    rows = rows_now()
    note = {"form_id": "late", "on_day": "20/11/2569", "note_words": "เยี่ยมแล้ว"}
    late = {
        f"{url}/casework/note": note, f"{url}/close": {"reason": "finished"},
        f"{url}/move": {"district": MUEANG, "words": "ย้าย"},
        f"{url}/casework/{entry.public_id}/settle": {"outcome": "แล้ว"},
        f"{url}/handover": {"to": other.public_id, "words": "x"}, f"{url}/handover/drop": {},
        f"{url}/care": {}, f"{url}/take": {},
        f"/referrals/{child_referral(child).number}/withdraw": {"version": "1"},
    }  # fmt: skip
    answers = {path: former.post(path, data=data).status_code for path, data in late.items()}
    assert {path: status for path, status in answers.items() if status != 404} == {}
    assert rows_now()[:4] == rows[:4], "only that it was refused is in the trail"
    # It goes on with whoever has it now, and comes back when it is offered again.
    assert theirs.post(f"{url}/casework/note", data=note).status_code == 303
    hand_over_to(child, other, me)
    assert former.get(url).status_code == 200
    unit_of_work(drop_handover, public_id, actor=other.as_actor())
    assert former.get(url).status_code == 404


def test_another_role_shows_the_file_and_does_not_change_it(app, case):
    public_id, _code, me, other, _elsewhere = case
    child = db.session.scalars(select(Child).where(Child.public_id == public_id)).one()
    hand_on(child, me, other)
    roles = [Grant(Role.CASE_MANAGER, frozenset({RAMAN})), Grant(Role.APPROVER)]
    both = person(me.public_id, me.id, roles)
    assert get_child(public_id, viewer=both).id == child.id
    with pytest.raises(HandedOnError):
        unit_of_work(children.close_child, public_id, CloseReason.FINISHED, actor=both)
    with pytest.raises(NotFoundError):
        unit_of_work(children.close_child, public_id, CloseReason.FINISHED, actor=me.as_actor())


def test_an_answer_of_an_agency_goes_to_whoever_has_the_child(app, case):
    public_id, _code, me, other, _elsewhere = case
    child = db.session.scalars(select(Child).where(Child.public_id == public_id)).one()
    referral = child_referral(child)
    agent = let_in(referral.agency).as_actor()
    hand_on(child, me, other)
    unit_of_work(accept_referral, referral.number, version=1, actor=agent)
    told = db.session.scalars(
        select(MailMessage.to_address).where(MailMessage.about_ref == referral.number)
    ).all()
    assert me.email not in told
    assert other.email in told


def test_the_form_says_that_one_no_longer_sees_the_file(app, case):
    public_id, _code, me, _other, _elsewhere = case
    url = f"/children/{public_id}/handover"
    assert "you no longer see the file" in browser_of(app, me).get(url).text
    boss = browser_of(app, make_user(Role.SUPERVISOR, (RAMAN,)))
    assert "the case manager who has the child now no longer sees" in boss.get(url).text

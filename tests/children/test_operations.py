"""Registering, consents, closing: the rules, and the tables that hold them too."""

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, date, datetime
from threading import Barrier, Thread

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from fundapp.children import errors, operations, queries
from fundapp.children.drafts import GuardianDraft
from fundapp.children.models import (
    Child,
    ChildStatus,
    CloseReason,
    Consent,
    ConsentKind,
    Guardian,
    Relation,
    TargetGroup,
)
from fundapp.children.open_files import count_open_files, find_wrong_counts
from fundapp.db import db, unit_of_work
from fundapp.errors import ForbiddenError, NotFoundError, UnreadableNameError
from fundapp.thai.identity_numbers import IdKind
from fundapp.trail.models import ChildRead
from fundapp.trail.queries import list_events
from tests.factories.actors import (
    ADMINISTRATOR,
    APPROVER,
    AUDITOR,
    COMMAND_LINE,
    MANAGER,
    OFFICER,
    VISITOR,
    WORKER,
)
from tests.factories.children import (
    RAMAN,
    YAHA,
    child_draft,
    child_facts,
    consent_draft,
    every_consent,
    file_of,
    make_child,
    thai_pin,
)
from tests.factories.identity import make_user


def register(draft, actor):
    return unit_of_work(operations.register_child, draft, actor=actor.as_actor())


#: A letter that takes no room: nobody can read it.
NAMELESS = "\u3164"


def refuse(draft, actor, error):
    with pytest.raises(error) as refusal:
        register(draft, actor)
    assert db.session.query(Child).count() == db.session.query(Guardian).count()
    return refusal.value


def test_a_child_is_registered_with_guardian_and_consent(manager):
    draft = child_draft(
        given_name="มูฮัมหมัด", family_name="สมมุติ", id_number="1234545678781", id_kind=IdKind.THAI_PIN
    )
    child = register(draft, manager)
    file = file_of(child, manager)
    assert file.display_name == "มูฮัมหมัด สมมุติ"
    assert file.id_number == "1-2345-45678-78-1"
    assert (file.birth_on, file.age) == (date(2016, 2, 29), 10)
    assert (file.guardian_name, file.guardian_phone) == ("Aminah Invented", "0812345678")
    assert [consent.signer_name for consent in file.consents] == ["Aminah Invented"]
    actions = {event.action for event in list_events("child", child.public_id)}
    assert actions == {"children:child:register", "children:consent:record"}


@pytest.mark.sqlite
def test_a_child_without_any_number(manager):
    child = register(child_draft(id_kind=IdKind.NONE, id_number=""), manager)
    assert (child.id_number_encrypted, child.id_number_lookup) == (None, None)
    assert file_of(child, manager).id_number == ""


def test_siblings_share_a_guardian(manager):
    first = make_child(manager)
    second = make_child(manager, guardian=first.guardian.public_id)
    assert second.guardian_id == first.guardian_id
    assert queries.list_siblings(first, viewer=manager.as_actor()) == [second]


@pytest.mark.sqlite
def test_a_guardian_of_another_district_is_not_found(manager):
    other = make_child(district_code=YAHA)
    refuse(child_draft(guardian=other.guardian.public_id), manager, NotFoundError)


@pytest.mark.sqlite
@pytest.mark.parametrize(
    ("changes", "error", "field"),
    [
        ({"district_code": YAHA}, errors.OtherDistrictError, "district"),
        ({"subdistrict_code": "950101"}, errors.WrongSubdistrictError, "subdistrict"),
        ({"subdistrict_code": "950699"}, errors.WrongSubdistrictError, "subdistrict"),
        ({"birth_on": date(2026, 11, 25)}, errors.AgeError, "birth_on"),
        ({"birth_on": date(2000, 11, 24)}, errors.AgeError, "birth_on"),
        ({"consents": ()}, errors.ConsentMissingError, "keep_file"),
        ({"given_name": NAMELESS}, UnreadableNameError, "given_name"),
        ({"family_name": "-"}, UnreadableNameError, "family_name"),
        (
            {"guardian": GuardianDraft(name=NAMELESS, phone="")},
            UnreadableNameError,
            "guardian_name",
        ),
    ],
)
def test_what_is_refused(manager, changes, error, field):
    assert refuse(child_draft(**changes), manager, error).field == field


@pytest.mark.sqlite
@pytest.mark.parametrize(
    ("changes", "error", "field"),
    [
        ({"kind": ConsentKind.PHOTOGRAPH}, errors.ConsentMissingError, "keep_file"),
        ({"relation": Relation.GRANDPARENT}, errors.ConsentUnexplainedError, "consent_note"),
        ({"signed_on": date(2026, 11, 25)}, errors.ConsentDatesError, "signed_on"),
        ({"expires_on": date(2026, 5, 1)}, errors.ConsentDatesError, "expires_on"),
        ({"signer_name": NAMELESS}, UnreadableNameError, "signer_name"),
    ],
)
def test_consents_that_are_refused(manager, changes, error, field):
    draft = child_draft(consents=(consent_draft(**changes),))
    assert refuse(draft, manager, error).field == field


@pytest.mark.sqlite
def test_a_grandparent_may_sign_with_a_note(manager):
    consent = consent_draft(relation=Relation.GRANDPARENT, note="Both parents work abroad.")
    child = register(child_draft(consents=(consent,)), manager)
    assert file_of(child, manager).consents[0].note == "Both parents work abroad."


@pytest.mark.sqlite
@pytest.mark.parametrize("role", ["approver", "auditor", "fund_officer", "administrator", "donor"])
def test_only_case_managers_register(session, clock, role):
    with pytest.raises(errors.OtherDistrictError):
        register(child_draft(), make_user(role, (RAMAN,)))


def test_a_number_is_registered_once(manager):
    first = make_child(manager, id_number=thai_pin(77))
    refusal = refuse(child_draft(id_number=thai_pin(77)), manager, errors.KnownIdError)
    assert first.code in str(refusal)


@pytest.mark.sqlite
def test_a_known_number_of_another_district_reveals_nothing_of_the_other_file(manager):
    other = make_child(district_code=YAHA, id_number=thai_pin(78), given_name="Canary")
    refusal = refuse(child_draft(id_number=thai_pin(78)), manager, errors.KnownElsewhereError)
    for secret in (other.code, "Canary", "Yaha", YAHA, thai_pin(78), other.public_id):
        assert secret not in str(refusal)


def test_two_who_register_one_number_at_once(app, manager):
    """One is registered; the others get a clear refusal."""
    actors = [make_user("case_manager", (RAMAN,)).public_id for _ in range(4)]
    barrier, results = Barrier(4), []

    def work(public_id):
        from fundapp.identity.queries import get_user

        def both():
            return operations.register_child(
                child_draft(id_number=thai_pin(99)), actor=get_user(public_id).as_actor()
            )

        with app.app_context():
            barrier.wait()
            try:
                unit_of_work(both)
                results.append("registered")
            except (errors.KnownIdError, errors.KnownElsewhereError):
                results.append("refused")

    threads = [Thread(target=work, args=(actor,)) for actor in actors]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(results) == ["refused"] * 3 + ["registered"]


def test_the_same_names_and_birth_date_need_a_confirmation(manager):
    same = {"given_name": "เด็กชายอาลี", "family_name": "สมมุติ", "birth_on": date(2017, 3, 4)}
    first = make_child(manager, **same)
    again = same | {"given_name": "อาลี"}
    refusal = refuse(child_draft(**again), manager, errors.PossibleDuplicateError)
    assert first.code in str(refusal)
    second = register(child_draft(**again, another_child="Another mother."), manager)
    assert second.status is ChildStatus.WAITING
    found = queries.get_finding(second)
    assert (found.other, found.found_by_id) == (first, manager.id)


@pytest.mark.sqlite
@pytest.mark.parametrize(
    ("first", "second"),
    [
        (("แวฮามีด", "ทดลองวงศ์"), ("เเวฮามีด", "ทดลองวงศ์")),
        (("น้ำฝน", "ทดลองวงศ์"), ("ด.ญ.นํ้าฝน", "ทดลอง\u200bวงศ์")),
    ],
)
def test_a_child_typed_another_way_needs_a_confirmation(manager, first, second):
    born = date(2015, 3, 15)
    make_child(manager, given_name=first[0], family_name=first[1], birth_on=born)
    draft = child_draft(given_name=second[0], family_name=second[1], birth_on=born)
    refuse(draft, manager, errors.PossibleDuplicateError)


@pytest.mark.sqlite
def test_two_children_whose_names_differ_need_none(manager):
    born = date(2015, 3, 20)
    for name in ("อามีนะห์", "ฟารีดา"):
        make_child(manager, given_name=name, family_name="ทดลองวงศ์", birth_on=born)
    assert db.session.query(Child).count() == 2


@pytest.mark.sqlite
def test_the_same_names_in_another_district_wait_for_a_supervisor_too(manager):
    """The case manager, who may not see that file, is asked nothing."""
    same = {"given_name": "Ali", "family_name": "Invented", "birth_on": date(2017, 3, 4)}
    first = make_child(district_code=YAHA, **same)
    second = register(child_draft(**same), manager)
    assert second.status is ChildStatus.WAITING
    assert queries.get_finding(second).other is first


@pytest.mark.sqlite
@pytest.mark.parametrize(
    ("district", "error"),
    [
        (RAMAN, errors.SamePersonError),
        (YAHA, errors.SamePersonElsewhereError),
    ],
)
def test_a_correction_does_not_get_past_the_supervisor(manager, district, error):
    same = {"given_name": "Ali", "family_name": "Invented", "birth_on": date(2017, 3, 4)}
    make_child(district_code=district, **same)
    child = make_child(manager)
    with pytest.raises(error):
        unit_of_work(
            operations.change_child, child.public_id, child_facts(**same), actor=manager.as_actor()
        )


def test_facts_are_corrected(manager):
    child = make_child(manager)
    before = child.given_name_encrypted
    facts = child_facts(given_name="Corrected", target_group=TargetGroup.TEEN_MOTHER)
    unit_of_work(operations.change_child, child.public_id, facts, actor=manager.as_actor())
    assert file_of(child, manager).given_name == "Corrected"
    assert child.given_name_encrypted != before
    assert queries.find_by_number_or_code(facts.id_number, viewer=manager.as_actor()) is child


def test_a_correction_cannot_take_the_number_of_another_child(manager):
    first, second = make_child(manager), make_child(manager)
    facts = child_facts(id_number=file_of(first, manager).id_number.replace("-", ""))
    with pytest.raises(errors.KnownIdError):
        unit_of_work(operations.change_child, second.public_id, facts, actor=manager.as_actor())


def test_a_withdrawal_hides_the_child_at_once(manager):
    child = make_child(manager)
    unit_of_work(
        operations.withdraw_consent, child.public_id, child.consents[0].id, actor=manager.as_actor()
    )
    file = file_of(child, manager)
    assert (file.is_shown, file.display_name) == (False, child.code)
    assert not any((file.given_name, file.guardian_name, file.id_number, file.birth_on))
    assert file.consents[0].signer_name == ""
    assert queries.list_requestable_children(viewer=manager.as_actor(), district_code=RAMAN) == []
    with pytest.raises(errors.IdentityHiddenError):
        unit_of_work(
            operations.change_child, child.public_id, child_facts(), actor=manager.as_actor()
        )
    with pytest.raises(errors.ConsentWithdrawnError):
        unit_of_work(
            operations.withdraw_consent,
            child.public_id,
            child.consents[0].id,
            actor=manager.as_actor(),
        )


@pytest.mark.sqlite
def test_a_new_consent_shows_the_child_again(manager):
    child = make_child(manager)
    unit_of_work(
        operations.withdraw_consent, child.public_id, child.consents[0].id, actor=manager.as_actor()
    )
    unit_of_work(
        operations.record_consent, child.public_id, consent_draft(), actor=manager.as_actor()
    )
    assert file_of(child, manager).is_shown
    assert queries.list_requestable_children(viewer=manager.as_actor(), district_code=RAMAN) == [
        child
    ]


@pytest.mark.sqlite
def test_an_expired_consent_hides_the_child(manager, clock):
    child = make_child(manager, consents=(consent_draft(expires_on=date(2026, 11, 24)),))
    assert file_of(child, manager).is_shown
    clock.shift(24 * 3600)
    assert not file_of(child, manager).is_shown
    assert queries.list_requestable_children(viewer=manager.as_actor(), district_code=RAMAN) == []


@pytest.mark.sqlite
def test_consents_of_other_children_are_not_found(manager):
    first, second = make_child(manager), make_child(manager)
    with pytest.raises(NotFoundError):
        unit_of_work(
            operations.withdraw_consent,
            first.public_id,
            second.consents[0].id,
            actor=manager.as_actor(),
        )
    assert second.consents[0].withdrawn_on is None


@pytest.mark.sqlite
def test_more_children_than_a_page_offers_are_not_found(manager):
    """PostgreSQL takes no statement with so many values."""
    with pytest.raises(NotFoundError):
        queries.get_children(
            [f"child-{number}" for number in range(70_000)], viewer=manager.as_actor()
        )


@pytest.mark.sqlite
def test_a_closed_file_can_only_be_read(manager):
    child = make_child(manager)
    unit_of_work(
        operations.close_child, child.public_id, CloseReason.MOVED_AWAY, actor=manager.as_actor()
    )
    assert (child.status, child.close_reason) == (ChildStatus.CLOSED, CloseReason.MOVED_AWAY)
    assert file_of(child, manager).is_shown
    assert queries.list_requestable_children(viewer=manager.as_actor(), district_code=RAMAN) == []
    for change in (
        lambda: operations.close_child(child.public_id, CloseReason.DIED, actor=manager.as_actor()),
        lambda: operations.change_child(child.public_id, child_facts(), actor=manager.as_actor()),
        lambda: operations.record_consent(
            child.public_id, consent_draft(), actor=manager.as_actor()
        ),
    ):
        with pytest.raises(errors.FileClosedError):
            unit_of_work(change)
    unit_of_work(
        operations.withdraw_consent, child.public_id, child.consents[0].id, actor=manager.as_actor()
    )
    assert not file_of(child, manager).is_shown


@pytest.mark.sqlite
@pytest.mark.parametrize("role", ["approver", "case_manager"])
def test_nobody_else_changes_a_file(manager, role):
    child = make_child(manager)
    other = make_user(role, (YAHA,))
    error = errors.OtherDistrictError if role == "approver" else NotFoundError
    for change in (
        lambda: operations.close_child(child.public_id, CloseReason.DIED, actor=other.as_actor()),
        lambda: operations.change_child(child.public_id, child_facts(), actor=other.as_actor()),
        lambda: operations.record_consent(child.public_id, consent_draft(), actor=other.as_actor()),
        lambda: operations.withdraw_consent(
            child.public_id, child.consents[0].id, actor=other.as_actor()
        ),
    ):
        with pytest.raises(error):
            unit_of_work(change)


#: What a role without CHILD_REGISTER, or a process, may not do; called with public id and consent.
CHANGES = {
    "register": lambda _ref, _consent, actor: operations.register_child(child_draft(), actor=actor),
    "change": lambda ref, _consent, actor: operations.change_child(ref, child_facts(), actor=actor),
    "close": lambda ref, _consent, actor: operations.close_child(
        ref, CloseReason.DIED, actor=actor
    ),
    "record": lambda ref, _consent, actor: operations.record_consent(
        ref, consent_draft(), actor=actor
    ),
    "withdraw": lambda ref, consent, actor: operations.withdraw_consent(ref, consent, actor=actor),
    "read to change": lambda ref, _consent, actor: operations.read_file_to_change(ref, actor=actor),
    "read guardian": lambda ref, _consent, actor: operations.read_guardian(ref, actor=actor),
}
READS = {
    "file": lambda child, actor: operations.read_file(child.public_id, actor=actor),
    "names": lambda child, actor: operations.read_names([child], actor=actor),
    "paper": lambda child, actor: operations.read_consent_paper(
        child.public_id, child.consents[0].id, actor=actor
    ),
}
KEYS = {
    "rows": lambda actor: operations.reencrypt_rows(
        "children", ["given_name_encrypted"], actor=actor
    ),
    "old keys": lambda actor: operations.retire_old_keys(actor=actor),
}
OTHERS = [AUDITOR, OFFICER, ADMINISTRATOR, VISITOR, WORKER, COMMAND_LINE]


@pytest.mark.sqlite
@pytest.mark.parametrize("change", CHANGES.values(), ids=CHANGES)
def test_who_may_not_register_changes_nothing(manager, change):
    child = make_child(manager)
    public_id, consent_id = child.public_id, child.consents[0].id
    for actor in (APPROVER, *OTHERS):
        with pytest.raises((ForbiddenError, NotFoundError)):
            unit_of_work(change, public_id, consent_id, actor)
        db.session.rollback()
    assert db.session.query(Child).one().consents[0].withdrawn_on is None
    assert len(list_events("child", child.public_id)) == 2
    assert db.session.query(ChildRead).count() == 0


@pytest.mark.sqlite
@pytest.mark.parametrize("read", READS.values(), ids=READS)
def test_who_may_not_see_a_child_reads_nothing(manager, read):
    child = make_child(manager)
    for actor in OTHERS:
        with pytest.raises((ForbiddenError, NotFoundError)):
            unit_of_work(read, child, actor)
    assert db.session.query(ChildRead).count() == 0


@pytest.mark.sqlite
@pytest.mark.parametrize("actor", [MANAGER, APPROVER, ADMINISTRATOR, WORKER], ids=lambda a: a.ref)
@pytest.mark.parametrize("rotate", KEYS.values(), ids=KEYS)
def test_only_the_command_line_rotates_keys(manager, rotate, actor):
    with pytest.raises(ForbiddenError):
        unit_of_work(rotate, actor)


REFUSED = [
    "UPDATE children SET id_kind = 'none'",
    "UPDATE children SET id_kind = 'club card'",
    "UPDATE children SET id_number_lookup = NULL",
    "UPDATE children SET id_number_encrypted = NULL, id_number_lookup = NULL",
    "UPDATE children SET district_code = '9999'",
    "UPDATE children SET id_number_lookup = substr(id_number_lookup, 1, 31)",
    "UPDATE children SET status = 'closed'",
    "UPDATE children SET status = 'closed', closed_on = '2026-11-24'",
    "UPDATE children SET closed_on = '2026-11-24', close_reason = 'finished'",
    "UPDATE children SET status = 'closed', closed_on = '2026-11-24', close_reason = 'bored'",
    "UPDATE children SET person_lookup = substr(person_lookup, 1, 31)",
    "UPDATE children SET person_lookup = NULL",
    "UPDATE children SET code = (SELECT max(code) FROM children)",
    "UPDATE children SET id_number_lookup = "
    "(SELECT c.id_number_lookup FROM children c ORDER BY c.id LIMIT 1)",
    "UPDATE consents SET kind = 'everything'",
    "UPDATE consents SET relation = 'grandparent'",
    "UPDATE consents SET expires_on = signed_on",
    "UPDATE consents SET withdrawn_on = '2020-01-01'",
    "DELETE FROM guardians",
    "DELETE FROM children",
]


def test_the_tables_keep_the_rules_too(manager):
    make_child(manager), make_child(manager)
    for statement in REFUSED:
        with pytest.raises(DBAPIError):
            unit_of_work(lambda sql=statement: db.session.execute(text(sql)))


def test_counts_leave_out_closed_files(manager):
    closed, *_others = [make_child(manager) for _ in range(3)]
    assert count_open_files() == {(RAMAN, "at_risk"): 3}
    unit_of_work(
        operations.close_child, closed.public_id, CloseReason.DIED, actor=manager.as_actor()
    )
    assert count_open_files() == {(RAMAN, "at_risk"): 2}


@pytest.mark.sqlite
def test_consents_are_read_with_their_list(manager):
    for _ in range(3):
        make_child(manager)
    db.session.expire_all()
    page = queries.list_children(viewer=manager.as_actor(), limit=2)
    assert [len(child.consents) for child in page.rows] == [1, 1]
    rest = queries.list_children(viewer=manager.as_actor(), limit=2, after=int(page.next_key))
    assert len(rest.rows) == 1
    assert rest.next_key is None
    assert db.session.query(Consent).count() == 3


def test_counts_follow_the_groups_of_files(manager, clock):
    """What was recorded in a month stays as it was when a file is corrected in a later one."""
    child, _other = make_child(manager, consents=every_consent()), make_child(manager)
    before = {(RAMAN, "at_risk"): 2}
    assert count_open_files() == before
    clock.move_to(datetime(2026, 12, 3, 3, tzinfo=UTC))
    facts = child_facts(target_group=TargetGroup.DISABILITY)
    unit_of_work(operations.change_child, child.public_id, facts, actor=manager.as_actor())
    assert count_open_files() == {(RAMAN, "at_risk"): 1, (RAMAN, "disability"): 1}
    assert count_open_files(before=date(2026, 12, 1)) == before
    unit_of_work(
        operations.close_child, child.public_id, CloseReason.MISTAKE, actor=manager.as_actor()
    )
    assert count_open_files() == {(RAMAN, "at_risk"): 1}
    assert list(find_wrong_counts()) == []


def test_files_that_are_opened_at_once_are_all_counted(app, manager):
    def open_files(number):
        with app.app_context():
            for _ in range(3):
                make_child(manager)
            db.session.remove()
        return number

    db.session.remove()
    with ThreadPoolExecutor(4) as people:
        assert list(people.map(open_files, range(4))) == [0, 1, 2, 3]
    assert count_open_files() == {(RAMAN, "at_risk"): 12}

"""At rest: encrypted for one column of one row, found by keyed hashes, under keys that rotate."""

from datetime import date
from pathlib import Path

import pytest
from sqlalchemy import LargeBinary, inspect, text
from sqlalchemy.exc import DBAPIError

from fundapp.agencies.operations import decline_referral
from fundapp.children import operations, queries
from fundapp.children.casework.drafts import CaseDraft, DetailsDraft
from fundapp.children.casework.models import CaseKind
from fundapp.children.casework.operations import (
    change_details,
    move_child,
    settle_entry,
    take_child,
    write_entry,
)
from fundapp.children.encryption import lookup_person
from fundapp.children.handovers.operations import hand_over
from fundapp.children.models import Child, CloseReason, ConsentKind, Relation, TargetGroup
from fundapp.concerns.operations import reply_to_answer
from fundapp.crypto import Keyring, KeyringError
from fundapp.db import Base, db, unit_of_work
from fundapp.db.encrypted_columns import encrypted_columns
from fundapp.giving.channels.operations import begin_link
from fundapp.giving.gift_batches.drafts import Giver
from fundapp.giving.receipts.operations import set_tax_details
from tests.conftest import made_up_key
from tests.factories.actors import OFFICER, VISITOR
from tests.factories.agencies import let_in, make_agency, refer
from tests.factories.banking import Move, import_moves, make_bank_account, transfer_out
from tests.factories.books import make_fund
from tests.factories.campaigns import make_batch
from tests.factories.casework import make_further_guardian, make_list, make_zakat_group
from tests.factories.children import (
    MUEANG,
    RAMAN,
    child_facts,
    consent_draft,
    file_of,
    make_child,
    thai_pin,
)
from tests.factories.concerns import make_concern
from tests.factories.giving import make_paid_refund, make_payment, make_pledge
from tests.factories.identity import make_user
from tests.factories.imports import make_upload
from tests.factories.line import link_line
from tests.factories.slips import make_slip

#: A row of its own names it, so it is looked for in every other table.
SUBDISTRICT = "950603"
CANARIES = {
    "given_name": "Canarygiven",
    "family_name": "Canaryfamily",
    "guardian": "Canaryguardian",
    "phone": "0899999999",
    "signer": "Canarysigner",
    "note": "Canarynote",
    "number": thai_pin(987654321),
    "birth": "2013-07-19",
    "school": "Canaryschool",
    "group": "teen_mother",
    "bank": "Canarybank",
    "address": "Canaryaddress",
    "tax_number": "1234545678781",
    "entry": "Canaryentry",
    "outcome": "Canaryoutcome",
    "village": "Canaryvillage",
    "adult": "Canaryadult",
    "handed_over": "Canarymove",
    "zakat": "Canaryzakat",
}


@pytest.fixture
def canary(build_once, clock):
    return build_once("children/encryption", make_canary)


def make_canary():
    from fundapp.children.drafts import GuardianDraft

    manager = make_user("case_manager", (RAMAN,))
    child = make_child(
        manager,
        given_name=CANARIES["given_name"],
        family_name=CANARIES["family_name"],
        birth_on=date.fromisoformat(CANARIES["birth"]),
        id_number=CANARIES["number"],
        school_name=CANARIES["school"],
        subdistrict_code=SUBDISTRICT,
        target_group=TargetGroup(CANARIES["group"]),
        guardian=GuardianDraft(name=CANARIES["guardian"], phone=CANARIES["phone"]),
        consents=(
            consent_draft(
                signer_name=CANARIES["signer"], relation=Relation.OTHER, note=CANARIES["note"]
            ),
        ),
    )
    unit_of_work(operations.read_file, child.public_id, actor=manager.as_actor())
    unit_of_work(operations.read_names, [child], actor=manager.as_actor())
    unit_of_work(
        operations.change_child, child.public_id, facts_of_canary(), actor=manager.as_actor()
    )
    unit_of_work(
        operations.withdraw_consent, child.public_id, child.consents[0].id, actor=manager.as_actor()
    )
    unit_of_work(
        operations.record_consent, child.public_id, consent_draft(), actor=manager.as_actor()
    )
    work_with_canary(child, manager)
    make_bank_account()
    import_moves(Move(700, CANARIES["bank"]), transfer_out(300, CANARIES["bank"]))
    make_fund("GENERAL")
    donor = make_payment(500).donor
    details = {"address": CANARIES["address"], "tax_id": CANARIES["tax_number"]}
    unit_of_work(set_tax_details, donor.public_id, **details, actor=OFFICER)
    make_gifts_of_canary()
    return child


def work_with_canary(child, manager):
    """Entries, details, another adult, a hand-over, a move to a district and back, and a list that
    waits.
    """
    actor, both = manager.as_actor(), make_user("case_manager", (RAMAN, MUEANG))
    draft = CaseDraft(
        kind=CaseKind.NEED, on_day=date(2026, 11, 1), words={"need": CANARIES["entry"]}
    )
    entry = unit_of_work(write_entry, child.public_id, draft, actor=actor)
    settled = {"outcome": CANARIES["outcome"], "actor": actor}
    unit_of_work(settle_entry, child.public_id, entry.public_id, **settled)
    details = DetailsDraft(details={"village": CANARIES["village"]})
    unit_of_work(change_details, child.public_id, details, actor=actor)
    make_further_guardian(child, manager, CANARIES["adult"])
    words = CANARIES["handed_over"]
    unit_of_work(hand_over, [child.public_id], both.public_id, words=words, actor=actor)
    for district, taker in ((MUEANG, both), (RAMAN, manager)):
        words = CANARIES["handed_over"]
        unit_of_work(move_child, child.public_id, district, words=words, actor=both.as_actor())
        unit_of_work(take_child, child.public_id, actor=taker.as_actor())
    unit_of_work(
        operations.change_child, child.public_id, facts_of_canary(), actor=manager.as_actor()
    )
    make_list(manager, is_taken=False, guardian=CANARIES["adult"])
    shared = consent_draft(kind=ConsentKind.SHARE_FACTS)
    unit_of_work(operations.record_consent, child.public_id, shared, actor=actor)
    zakat = consent_draft(kind=ConsentKind.ZAKAT)
    unit_of_work(operations.record_consent, child.public_id, zakat, actor=actor)
    make_zakat_group(child, manager, words=CANARIES["zakat"])
    agency = make_agency()
    referral = refer(child, agency, manager, words=CANARIES["entry"])
    person = let_in(agency).as_actor()
    unit_of_work(decline_referral, referral.number, CANARIES["outcome"], version=1, actor=person)
    code, _number = make_concern(words=CANARIES["entry"], contact=CANARIES["adult"])
    unit_of_work(reply_to_answer, code, CANARIES["outcome"], key="canary", actor=VISITOR)


def make_gifts_of_canary():
    """Names that givers say beside a gift, in lists, on slips, and where refunds go."""
    names = {"in_honour_of": CANARIES["guardian"], "payer_name": CANARIES["signer"]}
    pledge = make_pledge(**names)
    make_slip(pledge)
    make_batch(Giver(500_00, CANARIES["signer"], "canary@example.org"), Giver(200_00))
    make_upload([[CANARIES["signer"], *[""] * 11]])
    unit_of_work(begin_link, pledge.donor.public_id, actor=VISITOR)
    link_line(pledge.donor, CANARIES["school"])
    make_paid_refund(make_payment(900), 400)


def facts_of_canary():
    return child_facts(
        given_name=CANARIES["given_name"],
        family_name=CANARIES["family_name"],
        birth_on=date.fromisoformat(CANARIES["birth"]),
        id_number=CANARIES["number"],
        school_name=CANARIES["school"],
        subdistrict_code=SUBDISTRICT,
        target_group=TargetGroup(CANARIES["group"]),
    )


def places(table):
    return {SUBDISTRICT} if table.name == "subdistricts" else set()


def test_no_table_holds_a_canary(canary):
    rows = 0
    for table in Base.metadata.sorted_tables:
        words = {*CANARIES.values(), SUBDISTRICT} - places(table)
        for row in db.session.execute(table.select()):
            rows += 1
            for value in row:
                stored = value if isinstance(value, bytes) else str(value).encode()
                assert not [word for word in words if word.encode() in stored], table
    assert rows > 100


def test_the_database_file_holds_no_canary(canary, app, tmp_path):
    """SQLite: the file and its journal on the disk, and a copy of the whole."""
    if db.engine.dialect.name != "sqlite":
        return assert_dump_holds_no_canary()
    path = Path(db.engine.url.database)
    copy = tmp_path / "copy.db"
    db.session.rollback()
    with db.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.exec_driver_sql("COMMIT")
        connection.exec_driver_sql(f"VACUUM INTO '{copy}'")
        connection.exec_driver_sql("BEGIN")
        schema = connection.exec_driver_sql("SELECT sql FROM sqlite_schema WHERE sql IS NOT NULL")
        rules = "".join(schema.scalars())
    files = [copy, *path.parent.glob(f"{path.name}*")]
    assert len(files) >= 2
    # The tables of the programme name all groups in a rule; `test_no_table_holds_a_canary` reads
    # their rows.
    words = [word for word in CANARIES.values() if word not in rules]
    assert len(words) >= len(CANARIES) - 1
    for file in files:
        content = file.read_bytes()
        for word in words:
            assert word.encode() not in content
            assert word.encode("utf-16-le") not in content
    return None


def assert_dump_holds_no_canary():
    for table in inspect(db.engine).get_table_names():
        for (row,) in db.session.execute(text(f"SELECT t::text FROM {table} t")):
            for word in CANARIES.values():
                assert word not in row
                assert word.encode().hex() not in row


@pytest.mark.sqlite
def test_no_repr_and_no_log_names_the_child(canary, caplog):
    file = file_of(canary, make_user("approver"))
    assert file.given_name == CANARIES["given_name"]
    texts = repr(file) + repr(facts_of_canary()) + repr(canary) + caplog.text
    assert not [word for word in (*CANARIES.values(), SUBDISTRICT) if word in texts]


@pytest.mark.sqlite
@pytest.mark.parametrize(
    "move",
    [
        "UPDATE children SET given_name_encrypted = family_name_encrypted",
        "UPDATE children SET given_name_encrypted = "
        "(SELECT c.given_name_encrypted FROM children c WHERE c.id <> children.id)",
    ],
)
def test_a_moved_value_cannot_be_decrypted(canary, move):
    make_child()
    reader = make_user("approver")
    unit_of_work(lambda: db.session.execute(text(move)))
    db.session.expire_all()
    with pytest.raises(KeyringError) as failure:
        file_of(canary, reader)
    assert "Canary" not in str(failure.value)


@pytest.mark.sqlite
def test_a_wrong_key_is_a_clear_error(app, canary):
    reader = make_user("approver")
    app.extensions["keyring"] = Keyring.parse(f"k1:{made_up_key('z')}")
    with pytest.raises(KeyringError):
        file_of(canary, reader)


@pytest.mark.sqlite
def test_titles_spaces_and_capitals_make_no_difference_to_a_duplicate(session):
    born = date(2016, 2, 29)
    same = lookup_person("อาลี", "สมมุติ", born)
    assert lookup_person("ด.ช. อาลี", " สมมุติ", born) == same
    assert lookup_person("เด็กชายอาลี", "สม มุติ", born) == same
    assert lookup_person("ดช.อาลี", "สมมุติ", born) == same
    assert lookup_person("Mr. Ali", "S", born) == lookup_person("ALI", "s", born)
    assert lookup_person("อาลี", "สมมุติ", date(2016, 2, 28)) != same
    assert lookup_person("อาลีสม", "มุติ", born) != same


@pytest.mark.sqlite
@pytest.mark.parametrize(
    ("one", "other", "is_same"),
    [
        (("แวฮามีด", "ทดลองวงศ์"), ("เเวฮามีด", "ทดลองวงศ์"), True),
        (("น้ำฝน", "ทดลองวงศ์"), ("นํ้าฝน", "ทดลองวงศ์"), True),
        (("อามีนะห์", "ทดลองวงศ์"), ("อามี\u200bนะห์", "ทดลอง\u00a0วงศ์"), True),
        (("อามีนะห์", "ทดลองวงศ์"), ("อามีเนาะ", "ทดลองวงศ์"), False),
        (("อามีนะห์", "นายดี"), ("อามีนะห์", "ดี"), False),
    ],
)
def test_ways_to_type_one_name_make_no_difference_to_a_duplicate(session, one, other, is_same):
    born = date(2015, 3, 15)
    assert (lookup_person(*one, born) == lookup_person(*other, born)) is is_same


def test_every_encrypted_column_is_listed(session):
    by_table = encrypted_columns()
    assert set(by_table) >= {"children", "guardians", "consents", "disbursement_requests", "proofs"}
    for table, columns in by_table.items():
        assert "id" in Base.metadata.tables[table].columns
        for name in columns:
            assert isinstance(Base.metadata.tables[table].columns[name].type, LargeBinary)


def encrypted_values():
    return [
        row[name]
        for table, columns in encrypted_columns().items()
        for row in db.session.execute(Base.metadata.tables[table].select()).mappings()
        for name in columns
        if row[name] is not None
    ]


def test_keys_are_rotated(app, canary, runner):
    """Old key, both keys, new key alone: values can be decrypted and found all the time."""
    for _ in range(3):
        make_child()
    reader = make_user("approver")
    old = app.config["FIELD_KEYS"]

    def use(keys):
        app.extensions["keyring"] = Keyring.parse(keys)

    def assert_readable():
        db.session.expire_all()
        found = queries.find_by_number_or_code(CANARIES["number"], viewer=reader.as_actor())
        assert file_of(found, reader).given_name == CANARIES["given_name"]
        named = queries.find_by_words(CANARIES["given_name"], viewer=reader.as_actor())
        assert named == [found]
        db.session.rollback()

    assert_readable()
    for keys, fresh in ((f"k2:{made_up_key('b')},{old}", True), (f"k2:{made_up_key('b')}", False)):
        use(keys)
        if fresh:
            assert_readable()
        result = runner.invoke(args=["keys", "rotate"])
        assert result.exit_code == 0, result.output
        assert {value.partition(b"\x00")[0] for value in encrypted_values()} == {b"k2"}
        assert_readable()


def test_rotating_without_the_old_key_changes_nothing(app, canary, runner):
    before = encrypted_values()
    app.extensions["keyring"] = Keyring.parse(f"k2:{made_up_key('b')}")
    result = runner.invoke(args=["keys", "rotate"])
    assert result.exit_code == 1
    assert "the key k1, which FIELD_KEYS does not name" in result.output
    db.session.expire_all()
    assert encrypted_values() == before


@pytest.mark.sqlite
def test_lengths_tell_nothing(session, clock):
    """Target groups have names of different lengths, and an encrypted value is as long as its
    text.
    """
    for group in TargetGroup:
        school = "" if group is TargetGroup.OUT_OF_SCHOOL else "โรงเรียนบ้านตัวอย่าง" * 4
        make_child(target_group=group, school_name=school, subdistrict_code=None)
    make_child(subdistrict_code=SUBDISTRICT)
    columns = ("target_group", "school_name", "subdistrict_code", "birth_on", "id_number")
    for column in columns:
        sql = f"SELECT DISTINCT length({column}_encrypted) FROM children"
        assert len(db.session.execute(text(sql)).all()) == 1, column
    manager = make_user("case_manager", (RAMAN,)).as_actor()
    child = db.session.scalars(db.select(Child).where(Child.district_code == RAMAN)).first()
    unit_of_work(operations.close_child, child.public_id, CloseReason.MISTAKE, actor=manager)
    sql = text("SELECT DISTINCT length(changes_encrypted) FROM open_file_changes")
    assert len(db.session.execute(sql).all()) == 1


def test_the_database_refuses_what_is_not_encrypted(canary):
    """By raw SQL, in every encrypted column of every package that has a row."""
    not_refused, without_rows = [], set()
    for table, names in encrypted_columns().items():
        if not db.session.scalar(text(f"SELECT count(*) FROM {table}")):
            without_rows.add(table)
            continue
        not_refused += [
            (table, name, value)
            for name in names
            for value in (b"Canary in clear", b"", b"k1\x00short", b"too long for an id\x00" * 3)
            if not _is_refused(table, name, value)
        ]
    assert not_refused == []
    assert without_rows <= {
        "disbursement_requests", "mail_messages", "proofs", "receipt_confirmations", "remarks",
        "request_payees", "vendor_versions",
    }  # fmt: skip


def _is_refused(table, name, value):
    """Whether the column's own rule refuses the value in every row."""
    change = text(f"UPDATE {table} SET {name} = :value")
    try:
        unit_of_work(lambda: db.session.execute(change, {"value": value}))
    except DBAPIError as error:
        return f"ck_{table}_{name}" in str(error)
    return False

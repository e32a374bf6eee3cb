"""Whatever is typed wrong is told beside its field, stays typed, and changes nothing."""

from datetime import date

import pytest
from sqlalchemy import func, select

from fundapp.children.models import Child, Consent
from fundapp.db import db
from fundapp.disbursements.models import RequestLine
from fundapp.giving.models import Payment, Pledge
from tests.factories.banking import Move, fee, interest, statement_file
from tests.factories.children import thai_pin
from tests.journeys.browsing import File
from tests.journeys.world import everything

PIN = thai_pin(4321)
WRONG_PIN = PIN[:-1] + str((int(PIN[-1]) + 1) % 10)

BAD_AMOUNTS = ["1e3", "-1", "0", "100.005", str(10**12), "1,00", "", "ten", "NaN", "0x10"]
GOOD_AMOUNTS = {"๑๐๐": 100_00, "1,000.50": 1_000_50, "๑,๐๐๐.๕๐": 1_000_50, " 100 ": 100_00}
BAD_DAYS = [
    "29/2/2569", "29/2/2026", "2026-02-29", "29 กุมภาพันธ์ 2569", "31/4/2569", "24/6/69",
    "yesterday", "0/1/2569", "1/13/2569", "99999999",
]  # fmt: skip
PAST_LEAP_DAYS = ["29/2/2567", "29/2/2024", "2024-02-29", "๒๙/๒/๒๕๖๗"]
COMING_LEAP_DAYS = ["29/2/2571", "29/2/2028", "2028-02-29", "29 กุมภาพันธ์ 2571"]


@pytest.fixture
def forms(world):
    """Every form with an amount or a day: who fills it in, on which page, and what is right."""
    return {
        "give": ("donor", "/give", "/give", GIVE),
        "change": (
            "donor", f"/pledges/{world.pledge.token}", "/change",
            {"amount": "2,000", "starts_on": "1/12/2569"},
        ),
        "payment": ("officer", "/payments/new", "/payments/new", PAYMENT),
        "request": ("asker", "/disbursements/new", "/disbursements/new", request_of(world)),
        "child": ("asker", "/children/new", "/children/new", CHILD),
        "facts": ("asker", f"/children/{world.child.public_id}/edit", "/edit", {}),
        "consent": ("asker", f"/children/{world.child.public_id}", "/consents", CONSENT),
        "payout": (
            "officer", f"/disbursements/{world.approved.public_id}", "/pay",
            {"paid_on": "24/11/2569", "paid_from": "1121", "bank_reference": "a slip"},
        ),
        "proof": (
            "prover", f"/disbursements/{world.paid.public_id}", "/prove",
            {"outcome": "problem", "confirmed_on": "24/11/2569", "confirmed_by": "Aminah",
             "note": "Half came"},
        ),
    }  # fmt: skip


GIVE = {
    "amount": "500", "fund": "GENERAL", "frequency": "once", "starts_on": "", "name": "Hasan Daud",
    "email": "hasan@example.org", "method": "promptpay",
}  # fmt: skip
PAYMENT = {
    "amount": "500", "fund": "GENERAL", "payer_name": "Hasan Daud", "method": "cash",
    "received_on": "24/11/2569",
}  # fmt: skip
CHILD = {
    "given_name": "นูรี", "family_name": "สมมุติ", "birth_on": "24/6/2559", "id_kind": "thai_pin",
    "id_number": PIN, "guardian_name": "อามีนะห์ สมมุติ", "relation": "mother",
    "target_group": "at_risk", "keep_file": "y", "signer_name": "อามีนะห์ สมมุติ",
    "signer_relation": "mother", "signed_on": "1/11/2569",
}  # fmt: skip
CONSENT = {
    "kind": "sensitive_facts", "signer_name": "อามีนะห์ สมมุติ", "signer_relation": "mother",
    "signed_on": "1/11/2569", "expires_on": "",
}  # fmt: skip


def request_of(world):
    child = world.child.public_id
    return {
        "lines": child, f"amount-{child}": "500", "fund": "GENERAL", "need": "education",
        "payee_kind": "guardian", "payee_name": "Aminah Invented", "payout_method": "transfer",
        "bank": "006", "account_number": "1234567890", "reason": "Shoes",
    }  # fmt: skip


AMOUNT_FIELDS = ["give.amount", "change.amount", "payment.amount", "request.amount-"]
DAY_FIELDS = [
    "give.starts_on", "change.starts_on", "payment.received_on", "child.birth_on",
    "child.signed_on", "child.expires_on", "facts.birth_on", "consent.signed_on",
    "consent.expires_on", "payout.paid_on", "proof.confirmed_on",
]  # fmt: skip


def opened(world, forms, field):
    """The page, a function that sends its form with one field typed anew, and the field's name."""
    form, _dot, name = field.partition(".")
    person, url, action, right = forms[form]
    name = f"{name}{world.child.public_id}" if name.endswith("-") else name
    page = world.people[person].open(url)
    return page, name, lambda typed: world.people[person].send(page, action, {**right, name: typed})


def refused(page, name, typed):
    """The page says so, at the field, and still holds what was typed."""
    assert page.status == 422, (name, typed, page.text)
    assert page.value(name).strip() == typed.strip(), page.url
    place = page.html.index("field-error")
    assert place > 0
    assert 'aria-invalid="true"' in page.html, (name, typed)


@pytest.mark.sqlite
def test_wrong_amounts(world, forms):
    before = everything()
    for field in AMOUNT_FIELDS:
        _page, name, send = opened(world, forms, field)
        for typed in BAD_AMOUNTS:
            refused(send(typed), name, typed)
    assert everything() == before


@pytest.mark.sqlite
def test_right_amounts(world, forms, fund_app):
    fund_app.config["LIMIT_PLEDGE"] = "100 per hour"
    for field in AMOUNT_FIELDS:
        for typed, satang in GOOD_AMOUNTS.items():
            _page, _name, send = opened(world, forms, field)
            answer = send(typed)
            assert answer.status == 200, (field, typed, answer.text)
            assert newest_amount(field, world) == satang, (field, typed)


def newest_amount(field, world):
    db.session.rollback()
    kinds = {"give": Pledge, "payment": Payment, "request": RequestLine}
    kind = kinds.get(field.partition(".")[0])
    if kind is None:
        return db.session.get(Pledge, world.pledge.id, populate_existing=True).amount_satang
    wanted = select(kind).order_by(kind.id.desc()).limit(1)
    return db.session.scalars(wanted).one().amount_satang


@pytest.mark.sqlite
def test_wrong_days(world, forms):
    before = everything()
    for field in DAY_FIELDS:
        _page, name, send = opened(world, forms, field)
        for typed in BAD_DAYS:
            refused(send(typed), name, typed)
    assert everything() == before


@pytest.mark.sqlite
def test_a_wrong_day_says_what_is_wrong_with_it(world, forms):
    """An impossible day is not told as one that was left out; a blank one is."""
    for field in DAY_FIELDS:
        _page, _name, send = opened(world, forms, field)
        send("31/4/2569").says("There is no such day in the calendar.")
    for field in ("child.birth_on", "child.signed_on", "facts.birth_on", "payout.paid_on"):
        _page, name, send = opened(world, forms, field)
        page = send("  ")
        assert page.status == 422, field
        assert f'id="{name}-error"' in page.html
        page.says("Enter the")


@pytest.mark.sqlite
def test_leap_days_of_both_calendars(world, forms, fund_app):
    fund_app.config["LIMIT_PLEDGE"] = "100 per hour"
    for typed in COMING_LEAP_DAYS:
        assert opened(world, forms, "give.starts_on")[2](typed).url.startswith("/pledges/"), typed
    names = ("นูรี", "อามีนะห์", "ซูไฮลา", "ฟาตีเมาะ")
    for number, (name, typed) in enumerate(zip(names, PAST_LEAP_DAYS, strict=True)):
        forms["child"][3].update(given_name=name, id_number=thai_pin(9000 + number))
        assert opened(world, forms, "child.birth_on")[2](typed).url != "/children/new", typed
    people = select(func.count()).select_from(Child)
    assert db.session.scalar(people) == 1 + len(PAST_LEAP_DAYS)
    for typed in PAST_LEAP_DAYS:
        opened(world, forms, "consent.signed_on")[2](typed).says("The consent was recorded.")
    days = db.session.scalars(select(Consent.signed_on)).all()
    assert [str(day) for day in days].count("2024-02-29") == 1, "each writing is the same consent"


FILTERS = [
    ("officer", "/payments", "from_on"), ("officer", "/payments", "to_on"),
    ("officer", "/bank/reconciliation", "day"), ("auditor", "/audit/journal", "from_on"),
    ("auditor", "/audit/trial-balance", "as_of"), ("auditor", "/audit/accounts", "as_of"),
    ("auditor", "/audit/accounts/1121", "to_on"), ("auditor", "/audit/funds", "as_of"),
    ("auditor", "/audit/activities", "from_on"),
]  # fmt: skip


@pytest.mark.sqlite
def test_wrong_days_of_a_list(world):
    for person, url, name in FILTERS:
        for typed in BAD_DAYS[:3]:
            refused(world.people[person].open(f"{url}?{name}={typed}"), name, typed)
        for typed in PAST_LEAP_DAYS[:2]:
            answer = world.people[person].open(f"{url}?{name}={typed}")
            assert answer.status == 200, (url, name, typed)


@pytest.mark.sqlite
def test_identity_numbers(world, forms):
    """A wrong check digit is told; a right number is taken, dashes and Thai digits too."""
    before = everything()
    for field in ("child.id_number", "facts.id_number"):
        _page, name, send = opened(world, forms, field)
        for typed in (WRONG_PIN, f"{PIN[:12]}", f"{PIN}1", "ABCDEFGHIJKLM"):
            page = send(typed)
            refused(page, name, typed)
        send(WRONG_PIN).says("The last digit does not fit")
    forms["request"][3].update(payout_method="promptpay")
    _page, name, send = opened(world, forms, "request.account_number")
    for typed in (WRONG_PIN, "081", "0812345678901234567"):
        refused(send(typed), name, typed)
    assert everything() == before
    opened(world, forms, "facts.id_number")[2](f"{PIN[0]}-{PIN[1:5]}-{PIN[5:]}").says(
        "The file was changed."
    )


@pytest.mark.sqlite
def test_children_typed_by_code(world, forms):
    _page, name, send = opened(world, forms, "request.more_lines")
    before = everything()
    for typed in (f"{world.child.code} 1e3", "C-0000000 500", "500", world.child.code):
        page = send(typed)
        assert page.status == 422, typed
        assert page.value(name) == typed
    assert everything() == before


def statement():
    return statement_file([Move(50_000, "ก"), fee(), interest(), Move(70_000, "ข", time="11:00")])


STATEMENTS = {
    "a broken running balance": statement().replace(b'"10,475.00"', b'"10,476.00"'),
    "cut short between two lines": statement()[: statement().rindex(b"\r\n", 0, -2)],
    "cut short inside a letter": statement()[: statement().index("ก,".encode()) + 1],
    "binary": bytes(range(256)) * 40,
    "a picture": b"\x89PNG\r\n\x1a\n" + bytes(5000),
    "a spreadsheet": b"PK\x03\x04" + bytes(5000),
    "empty": b"",
    "words": b"hello",
    "an impossible day": statement().replace(b"03/11/2569", b"29/02/2569", 1),
    "an amount in words": statement().replace(b"500.00", b"1e3", 1),
    "six megabytes": statement() + b"x" * (6 * 1024 * 1024),
}


@pytest.mark.sqlite
def test_statements_that_are_none(world):
    officer = world.people["officer"]
    page = officer.open("/bank/statements/new")
    before = everything()
    chosen = {"account": "KTB-MAIN", "profile": "ktb"}
    for name, data in STATEMENTS.items():
        for more in ({}, {"dry_run": "1"}):
            file = File(data, "november.csv")
            page = officer.send(page, "/bank/statements/new", {**chosen, **more, "file": file})
            assert page.status == 422, (name, page.text)
            assert (page.value("account"), page.value("profile")) == ("KTB-MAIN", "ktb"), name
            page.says("This statement file cannot be imported. Nothing has been changed.")
    assert everything() == before


@pytest.mark.sqlite
def test_a_statement_of_fifty_megabytes(world):
    officer = world.people["officer"]
    page = officer.open("/bank/statements/new")
    before = everything()
    chosen = {"account": "KTB-MAIN", "profile": "ktb", "file": File(bytes(50 << 20), "big.csv")}
    page = officer.send(page, "/bank/statements/new", chosen)
    assert page.status == 413
    page.says("Too large")
    assert page.link("Go back") == "http://localhost/bank/statements/new"
    assert everything() == before


def test_a_statement_twice(world):
    officer = world.people["officer"]
    page = officer.open("/bank/statements/new")
    days = {"from_on": date(2026, 11, 23), "to_on": date(2026, 11, 24)}
    moves = [Move(12_300, day=days["from_on"])]
    file = File(statement_file(moves, opening=1_050_000, **days), "more.csv")
    chosen = {"account": "KTB-MAIN", "profile": "ktb", "file": file}
    first = officer.send(page, "/bank/statements/new", chosen)
    first.says("The statement is imported")
    before = everything()
    again = officer.send(page, "/bank/statements/new", chosen)
    again.says("This file was imported before. Nothing has been changed.")
    assert again.url == first.url
    assert everything() == before


HOSTILE = [
    "<script>alert(1)</script>{{7*7}}%(name)s' OR 1=1 --",
    "\u202e\ud7ff\r\nA: b",
    "ก" * 5000,
]


def test_nothing_that_is_typed_is_a_fault(world, forms, fund_app):
    """Anything in any field of any form: an answer with a sentence, and never a program's fault."""
    fund_app.config["LIMIT_PLEDGE"] = "1000 per hour"
    for person, url, action, right in forms.values():
        page = world.people[person].open(url)
        for name in sorted(page.form(action).names - {"", "csrf_token", "document", "paper"}):
            for text in (*HOSTILE, "\x00"):
                answer = world.people[person].post(page, action, {**right, name: text})
                assert answer.status_code < 500, (url, name, text)
                assert "<script>alert(1)" not in answer.get_data(as_text=True)
            assert answer.status_code == 400, "no form of ours can send a NUL"


ODD_ADDRESSES = [
    "/donors?q=%00", "/donors?q=%FF", "/payments?after=9" + "9" * 40, "/children?after=-1",
    "/disbursements?after=x&status=x&fund=x", "/audit/journal?after=x&kind=x&fund=x",
    "/bank/lines?after=%27", "/outbox?after=1e3&state=x", "/today/overdue?after=9999-99-99.1",
    "/children?district=%3Cscript%3E", "/give?fund=%00", "/?lang=xx", "/pledges/%00",
    "/bank/lines/" + "x" * 3000, "/audit/entries/-1", "/audit/accounts/9999999999999999999",
]  # fmt: skip


def test_no_address_is_a_fault(world):
    for path in ODD_ADDRESSES:
        for person in world.people.values():
            assert person.client.get(path).status_code < 500, path

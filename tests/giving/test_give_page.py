"""The page to give: a correct form makes a pledge, errors are shown at their field, never a 500."""

import re
from concurrent.futures import ThreadPoolExecutor
from datetime import date
from html import unescape
from threading import Barrier

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import func, select

from config import LIMITS
from fundapp.db import db, unit_of_work
from fundapp.giving.forms import GiveForm
from fundapp.giving.models import Donor, DonorKind, Frequency, Method, Pledge, PledgeDetails
from fundapp.giving.operations import make_pledge
from fundapp.giving.queries import get_pledge, list_gift_funds
from fundapp.giving.reader import SaidWithPledge, said_with
from fundapp.ledger.operations import freeze_fund
from tests.factories.actors import OFFICER, VISITOR
from tests.factories.giving import make_payment
from tests.factories.identity import begin_session

RIGHT = {
    "amount": "1,000",
    "fund": "GENERAL",
    "frequency": "once",
    "instalments": "",
    "starts_on": "",
    "name": "Aminah Sani",
    "email": "aminah@example.org",
    "method": "promptpay",
}

NASTY = [
    "", " ", "0", "-1", "1e3", "1E400", "NaN", "inf", "100.005", "1,00", "1000000000000",
    "9" * 400,
    "9223372036854775808", "๑๐๐", "๑๐๐.๕๐", "១០០", "١٠٠", "１００", "0x10", "1_000", "+5", "½", "²",
    "\x00", "a\x00b", "\x01", "\x1b[31m", "\x7f", "\u0085", "\u200b", "\u202etxt", "\ufeff",
    "\ud7ff",
    "a\r\nBcc: x@example.org", "\n", "\t", "<script>alert(1)</script>", "{{7*7}}", "%(name)s",
    "%s%s%n",
    "'; DROP TABLE pledges; --", "\\", "../../etc/passwd", "null", "None", "undefined", "[]",
    "{}",
    "29/2/2569", "29/2/2567", "31/4/2569", "2569-02-30", "0/0/0", "1/1/9999", "99/99/9999",
    "0001-01-01",
    "24/11/69", "24 พ.ย. 2569", "tomorrow", "2026-11-24T00:00:00Z", "601", "1.5", "-0",
    "00000000001",
    "x" * 201, "ก" * 5000, "💖" * 50, "a@b", "a@b.c", "@", "a@@b.co", "a b@c.org",
    "x" * 250 + "@example.org",
    "ü@example.org", "a@exämple.org", '"a b"@example.org', "a@example.org,b@example.org",
    "GENERAL ", "general",
    "ZAKAT\x00", "card", "cheque", "monthly", "daily", "once\x00", "True",
]  # fmt: skip


def post(client, **changes):
    return client.post("/give", data={**RIGHT, **changes})


def made(client, session, **changes):
    answer = post(client, **changes)
    assert answer.status_code == 303, unescape(answer.text)
    session.expire_all()
    return get_pledge(answer.location.removeprefix("/pledges/"))


def count(session, table=Pledge):
    session.expire_all()
    return session.scalar(select(func.count()).select_from(table))


@pytest.fixture(autouse=True)
def no_limit(app):
    app.config["LIMIT_PLEDGE"] = "100000 per hour"


@pytest.mark.sqlite
def test_the_page_shows_funds_and_no_card(client, funds):
    page = client.get("/give?lang=en")
    assert page.status_code == 200
    assert all(f"Fund {code}" in page.text for code in ("GENERAL", "SCHOLARSHIP", "ZAKAT"))
    assert "For zakat: kept apart in the books" in page.text
    assert "For sadaqah and every other gift." in page.text
    assert 'value="card"' not in page.text
    assert "24/11/2026" in page.text
    assert "24/11/2569" in client.get("/give?lang=th").text


@pytest.mark.sqlite
@pytest.mark.parametrize(
    ("lang", "sentence", "reminder"),
    [
        ("en", "We send the thank-you and the receipt there, and nothing else.", "remind"),
        ("th", "กองทุนใช้ส่งคำขอบคุณและใบเสร็จรับเงินเท่านั้น", "เตือน"),
        ("ms", "Kami menghantar ucapan terima kasih dan resit ke alamat ini", "peringat"),
    ],
)
def test_the_page_promises_no_reminders(client, funds, lang, sentence, reminder):
    page = unescape(client.get(f"/give?lang={lang}").text)
    assert sentence in page
    assert reminder not in page.lower()


@pytest.mark.sqlite
def test_the_lists_speak_the_language_of_the_page(client, funds):
    """Who gives, and how often, where a list offers it."""
    client.set_cookie("lang", "th")
    assert ">ครัวเรือน</option>" in client.get("/give").text
    token = made(client, funds, frequency="monthly").token
    assert ">ทุกเดือน</option>" in client.get(f"/pledges/{token}").text


@pytest.mark.sqlite
def test_a_fund_can_be_asked_for(client, funds):
    page = client.get("/give?fund=ZAKAT").text
    assert 'checked class="form-check-input" id="fund-2"' in page
    assert client.get("/give?fund=%F0%9F").status_code == 200


@pytest.mark.sqlite
def test_a_frozen_fund_that_is_asked_for_is_replaced_by_no_other(client, funds):
    sentence = "The fund you came for takes no gifts at present."
    assert sentence not in client.get("/give?fund=ZAKAT&lang=en").text
    unit_of_work(freeze_fund, "ZAKAT", actor=OFFICER)
    page = client.get("/give?fund=ZAKAT&lang=en").text
    funds_shown = re.findall(r'<input[^>]*name="fund"[^>]*>', page)
    assert (sentence in page, len(funds_shown)) == (True, 2)
    assert not any("checked" in shown for shown in funds_shown)
    assert sentence not in client.get("/give?lang=en").text
    assert any(
        "checked" in shown
        for shown in re.findall(r'<input[^>]*name="fund"[^>]*>', client.get("/give").text)
    )


def test_give_once_as_a_guest(client, funds):
    pledge = made(client, funds, lang="en")
    assert (pledge.amount_satang, pledge.frequency, pledge.instalment_count) == (
        100_000,
        Frequency.ONCE,
        1,
    )
    assert pledge.starts_on == date(2026, 11, 24)
    assert pledge.locale == "th"
    assert pledge.method is Method.PROMPTPAY


@pytest.mark.sqlite
def test_only_the_needed_fields(client, funds):
    answer = client.post("/give", data={"amount": "๑๐๐", "fund": "ZAKAT", "anonymous": "1"})
    assert answer.status_code == 303
    pledge = get_pledge(answer.location.removeprefix("/pledges/"))
    assert (pledge.amount_satang, pledge.donor_name, pledge.is_anonymous) == (10_000, "", True)


@pytest.mark.sqlite
def test_the_hint_says_how_to_give_without_a_name(client, funds):
    assert "To give without a name, tick the box below." in client.get("/give?lang=en").text
    assert post(client, name="").status_code == 422
    assert post(client, name="", anonymous="1").status_code == 303


@pytest.mark.sqlite
@pytest.mark.parametrize(
    ("changes", "amounts"),
    [
        ({"instalments": "3"}, [33_334, 33_333, 33_333]),
        ({"instalments": "๓", "amount_is": "total"}, [33_334, 33_333, 33_333]),
        ({"instalments": "3", "amount_is": "each"}, [100_000] * 3),
        ({"instalments": ""}, [100_000] * 12),
        ({"instalments": "", "amount_is": "total"}, [100_000] * 12),
        ({"instalments": "600", "amount": "6"}, [1] * 600),
    ],
)
def test_pledge(client, funds, changes, amounts):
    pledge = made(client, funds, frequency="monthly", **changes)
    assert [row.amount_satang for row in pledge.instalments] == amounts


@pytest.mark.sqlite
@pytest.mark.parametrize(
    ("typed", "day"),
    [
        ("29/2/2571", date(2028, 2, 29)),
        ("29/2/2028", date(2028, 2, 29)),
        ("2028-02-29", date(2028, 2, 29)),
        ("๒๔/๑๑/๒๕๖๙", date(2026, 11, 24)),
        ("24/11/2574", date(2031, 11, 24)),
    ],
)
def test_first_days(client, funds, typed, day):
    pledge = made(client, funds, frequency="yearly", instalments="2", starts_on=typed)
    assert pledge.instalments[0].due_on == day


WRONG = [
    ("amount", "1e3", "Write the amount with digits only"),
    ("amount", "-1", "must not be negative"),
    ("amount", "0", "more than zero"),
    ("amount", "100.005", "at most two digits"),
    ("amount", "1000000000000", "too large"),
    ("amount", "", "Enter an amount"),
    ("fund", "NONE", "Choose one of the possibilities"),
    ("frequency", "daily", "Choose one of the possibilities"),
    ("amount_is", "half", "Choose one of the possibilities"),
    ("instalments", "3", "A single gift has one instalment"),
    ("instalments", "601", "Choose a number from 1 to 600"),
    ("instalments", "0", "Choose a number from 1 to 600"),
    ("instalments", "three", "Write a whole number"),
    ("starts_on", "23/11/2569", "This day has passed"),
    ("starts_on", "25/11/2574", "too far ahead"),
    ("starts_on", "29/2/2570", "29 February exists in leap years only"),
    ("starts_on", "31/4/2027", "no such day"),
    ("name", "", "Enter a name for the receipt"),
    ("name", "x" * 201, "at most 200 characters"),
    ("name", "a\x01b", "cannot be shown"),
    ("name", "\u200b\u2060", "Enter a name for the receipt"),
    ("name", "\u3164", "Write the name in letters"),
    ("name", "...", "Write the name in letters"),
    ("email", "nobody", "not an e-mail address"),
    ("method", "card", "Cards are not taken yet"),
    ("method", "gold", "PromptPay, bank transfer or cash"),
]


@pytest.mark.sqlite
def test_each_error_is_shown_at_its_field(client, funds):
    client.get("/give?lang=en")
    for field, value, sentence in WRONG:
        answer = post(client, **{field: value})
        page = unescape(answer.text)
        assert answer.status_code == 422, (field, value)
        assert sentence in page, (field, value)
        assert f'id="{field}-error"' in page, (field, value)
        assert re.search(rf'aria-describedby="[^"]*\b{field}-error"', page), (field, value)
    assert count(funds) == count(funds, Donor) == 0


@pytest.mark.sqlite
def test_a_name_is_kept_without_signs_that_turn_its_direction(client, funds):
    """With them, it would read as another name."""
    assert made(client, funds, name="a\u202eb\u2066c").donor_name == "abc"


@pytest.mark.sqlite
def test_the_form_keeps_what_was_typed(client, funds):
    page = unescape(post(client, amount="1e3", name="สมชาย <b>", email="no", instalments="7").text)
    for typed in ('value="1e3"', 'value="สมชาย <b>"', 'value="no"', 'value="7"'):
        assert typed in page
    assert "<b>" not in post(client, amount="1e3", name="<b>").text


@pytest.mark.sqlite
def test_a_total_too_small_for_its_parts(client, funds):
    answer = post(client, amount="0.02", frequency="monthly", instalments="3")
    assert answer.status_code == 422
    assert 'id="amount_is-error"' in answer.text


@pytest.mark.sqlite
def test_more_than_fifty_years(client, funds):
    assert post(client, frequency="yearly", instalments="51").status_code == 422
    made(client, funds, frequency="yearly", instalments="50")


def test_the_same_form_sent_twice_is_one_pledge(client, funds):
    answers = [post(client, form_id="abc") for _ in range(2)]
    assert answers[0].location == answers[1].location
    assert count(funds) == 1
    post(client, form_id="def")
    assert count(funds) == 2


@pytest.mark.parametrize("keys", [["same"] * 6, list("abcdef")], ids=["one form", "one address"])
def test_six_requests_at_once(app, funds, keys):
    """Of one form, or with one new e-mail address: one pledge for each form, one donor."""
    barrier = Barrier(len(keys))

    def send(key):
        barrier.wait()
        return post(app.test_client(), form_id=key)

    with ThreadPoolExecutor(len(keys)) as pool:
        answers = list(pool.map(send, keys))
    assert [answer.status_code for answer in answers] == [303] * 6
    assert len({answer.location for answer in answers}) == count(funds) == len(set(keys))
    assert count(funds, Donor) == 1


@pytest.mark.sqlite
def test_each_page_has_a_form_id_of_its_own(client, funds):
    def key():
        return client.get("/give").text.split('name="form_id"', 1)[1].split('value="', 1)[1][:22]

    assert key() != key()


@pytest.mark.sqlite
def test_another_persons_address_shows_nothing_of_them(client, funds):
    made(client, funds, name="Aminah Sani")
    second = made(client, funds, name="A stranger", amount="1")
    page = client.get(f"/pledges/{second.token}").text
    assert "A stranger" in page
    assert "Aminah" not in page
    assert count(funds, Donor) == 2, "people may share a mailbox"


@pytest.mark.sqlite
def test_an_hour_holds_ten_pledges_that_nobody_typed(client, funds):
    assert post(client, amount="x").status_code == 422
    codes = [post(client).status_code for _ in range(11)]
    assert codes == [303] * 10 + [429]
    assert count(funds) == 10


def test_the_limit_holds_for_many_at_once(app, funds):
    with ThreadPoolExecutor(8) as pool:
        codes = list(pool.map(lambda _: post(app.test_client()).status_code, range(24)))
    assert sorted(codes) == [303] * 10 + [429] * 14
    assert count(funds) == 10


@pytest.mark.sqlite
def test_forms_with_errors_are_not_counted(app, client, funds):
    app.config["LIMIT_PLEDGE"] = "1 per hour"
    assert [post(client, amount="1e3").status_code for _ in range(3)] == [422] * 3
    assert post(client).status_code == 303
    refused = post(client)
    assert refused.status_code == 429
    assert int(refused.headers["Retry-After"]) > 0


FIELDS = [
    *RIGHT, "anonymous", "amount_is", "form_id", "unknown", "opened", "website", "kind", "phone",
    "in_honour_of", "payer_name",
]  # fmt: skip
PLEDGE_LIMITS = [name for name in LIMITS if name.startswith("LIMIT_PLEDGE")]


# Which values pass is the form's; that any text can be written is shown on both below.
@pytest.mark.sqlite
def test_nothing_is_an_internal_error(app, client, funds):
    """Each value over HTTP, in one field and in all fields."""
    app.config.update(dict.fromkeys(PLEDGE_LIMITS, "1000 per hour"))
    for number, value in enumerate(NASTY):
        for changes in ({FIELDS[number % len(FIELDS)]: value}, dict.fromkeys(FIELDS, value)):
            before = count(funds)
            answer = post(client, **changes)
            assert answer.status_code in {303, 400, 422}, (changes, answer.status_code)
            assert count(funds) - before == (answer.status_code == 303), changes
            if answer.status_code == 303:
                assert client.get(answer.location).status_code == 200, changes


@pytest.mark.sqlite
@pytest.mark.parametrize("field", FIELDS)
def test_every_value_in_every_field(app, funds, field):
    """What the form accepts, the operation can write."""
    gift_funds = list_gift_funds()
    for value in NASTY:
        typed = {**RIGHT, field: value}
        with app.test_request_context("/give", method="POST", data=typed):
            form = GiveForm(gift_funds)
            if form.validate():
                token = unit_of_work(make_pledge, form.terms(), actor=VISITOR)
                assert get_pledge(token).instalments, value
            else:
                assert all(form.errors.values()), value


BROKEN = [
    b"", b"&&&", b"amount", b"amount=%ff%fe", b"amount=1&amount=2", b"=1", b"fund[]=GENERAL",
    b"amount=100&fund=GENERAL&name=%f0%9f&method=cash", b"a=" * 900, b"%00=1", b"name=%00",
]  # fmt: skip


@pytest.mark.sqlite
def test_broken_bodies(client, funds):
    for kind in (
        "application/x-www-form-urlencoded",
        "multipart/form-data; boundary=x",
        "text/csv",
    ):
        for body in BROKEN:
            answer = client.post("/give", data=body, content_type=kind)
            assert answer.status_code in {303, 400, 413, 422}, (kind, body)


@pytest.mark.sqlite
@given(st.dictionaries(st.sampled_from([*RIGHT, "anonymous", "amount_is"]), st.text(max_size=30)))
@settings(
    max_examples=30,
    derandomize=True,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
def test_any_text_at_all(client, funds, fields):
    assert post(client, **fields).status_code in {303, 400, 422}


@pytest.mark.sqlite
def test_in_honour_paid_by_another_for_an_organisation(client, funds):
    client.set_cookie("lang", "en")
    said = {
        "kind": "mosque",
        "name": "มัสยิดกลางยะลา",
        "email": "",
        "phone": "081 234 5678",
        "in_honour_of": "ครูอารีย์",
        "payer_name": "นายฮาซัน ดาอุด",
    }
    pledge = made(client, funds, lang="en", **said)
    assert (pledge.donor.kind, pledge.donor.phone) == (DonorKind.MOSQUE, "0812345678")
    assert said_with(pledge) == SaidWithPledge("ครูอารีย์", "นายฮาซัน ดาอุด")
    row = db.session.get_one(PledgeDetails, pledge.id)
    assert "ครูอารีย์".encode() not in row.in_honour_of_encrypted
    page = client.get(f"/pledges/{pledge.token}").text
    assert "ครูอารีย์" in page
    assert "นายฮาซัน ดาอุด" in page
    asked = post(client, **said, frequency="monthly", instalments="12", step="ask")
    assert all(text in asked.text for text in ("Mosque", "ครูอารีย์", "นายฮาซัน ดาอุด"))
    payment = make_payment(100_000, pledge.instalments[0])
    client.set_cookie("sid", begin_session("fund_officer"))
    shown = client.get(f"/payments/{payment.public_id}").text
    assert "ครูอารีย์" in shown
    assert "นายฮาซัน ดาอุด" in shown
    client.delete_cookie("sid")
    wrong = post(client, **{**said, "phone": "12"})
    assert wrong.status_code == 422
    assert '<details class="form-more" open>' in wrong.text
    assert "ครูอารีย์" in wrong.text


@pytest.mark.sqlite
def test_a_form_that_says_none_of_it_keeps_none(client, funds):
    pledge = made(client, funds, lang="en", kind="individual", in_honour_of=" ", payer_name="")
    assert said_with(pledge) == SaidWithPledge()
    assert db.session.get(PledgeDetails, pledge.id) is None
    other = made(client, funds, lang="en", kind="household")
    again = made(client, funds, lang="en", kind="household")
    assert other.donor_id == again.donor_id != pledge.donor_id

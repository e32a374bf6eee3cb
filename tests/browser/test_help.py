"""Help for children clicked in Chromium, by all who take part in it: a possible duplicate, consent,
evidence, a return, a committee with somebody recused, payment, an auditor who opens what is
covered; a whole class; a concern of a stranger.
"""

import re
from datetime import timedelta

import pytest
import time_machine
from playwright.sync_api import expect

from fundapp import clock
from fundapp.audit.checks import run_checks
from fundapp.children.drafts import GuardianDraft
from fundapp.db import db
from tests.browser.visitor import NARROW
from tests.conftest import MORNING
from tests.documents.pictures import picture_with_place
from tests.factories.banking import make_bank_account
from tests.factories.books import make_fund, make_gift
from tests.factories.children import RAMAN, make_child, thai_pin
from tests.factories.committee import make_order, make_rule
from tests.factories.disbursements import THOUSAND
from tests.factories.identity import make_user

#: The rules of the committee begin the day after they were decided.
BEFORE = MORNING - timedelta(days=2)
GUARDIAN = GuardianDraft(name="รอฮานา สมมุติ", phone="0812345678")
#: Children of the same school beside the first one.
CLASS = 5
REASON = "Shoes, books and the way to school"


@pytest.fixture
def world(story_app):
    """A fund, a committee that decides from 5,000 baht on, a child, and who works with it."""
    with time_machine.travel(BEFORE, tick=True), story_app.app_context():
        make_fund("GENERAL")
        make_bank_account()
        make_gift(30 * THOUSAND, on=clock.today())
        approvers = {f"approver {n}": make_user("approver", name=f"Member {n}") for n in (1, 2, 3)}
        make_order(list(approvers.values()))
        make_rule(5 * THOUSAND)
        manager = make_user("case_manager", (RAMAN,), name="มารียะห์ สากอบูงา")
        child = make_child(manager, given_name="นูรี", family_name="สมมุติ", guardian=GUARDIAN)
        for _ in range(CLASS):
            make_child(manager)
        people = {
            "manager": manager,
            "supervisor": make_user("supervisor", (RAMAN,), name="ฟาตีเมาะ ลำธารทอง"),
            "secretary": make_user("fund_officer"),
            "verifier": make_user("fund_officer"),
            "auditor": make_user("auditor", name="พิชัย วารินแสงคำ"),
            **approvers,
        }
        emails = {name: each.email for name, each in people.items()}
        return {"child": f"/children/{child.public_id}", **emails}


def press(page, text):
    """Press the button of this name in the main part."""
    page.locator("main").get_by_role("button", name=text, exact=True).click()


def expect_text(page, text):
    expect(page.locator("main")).to_contain_text(text)


def path_of(page):
    return path_of_address(page.url).partition("?")[0]


def path_of_address(url):
    return url[url.index("/", 8) :]


def test_a_child_from_a_possible_duplicate_to_consent(enter):
    phone = enter("manager", "th", width=NARROW)
    child = manager_registers_who_may_be_known(phone)
    supervisor_decides(enter("supervisor"))
    manager_withdraws_a_consent_and_records_another(phone, child)


def test_a_request_from_a_photograph_to_the_payment(story_app, enter, world):
    phone = enter("manager", "th", width=NARROW)
    request = manager_asks_with_a_photograph(phone, world["child"])
    first = enter("approver 1")
    approver_returns(first, request)
    manager_changes_and_sends_again(phone, request)
    officer_verifies_the_account(enter("verifier"), request)
    member_declares_an_interest(enter("approver 2"), request)
    secretary = enter("secretary")
    resolution = committee_decides(secretary, [first, enter("approver 3")], request)
    approver_approves(first, request)
    secretary_pays(secretary, request, resolution)
    guardian_answers(secretary, enter(language="ms", width=NARROW), request)
    auditor_opens_what_is_covered(enter("auditor"), request)
    supervisor_sees_who_looked(enter("supervisor"), world["child"])
    with story_app.app_context():
        assert [result.check.name for result in run_checks() if result.state == "red"] == []
        db.session.rollback()


def manager_registers_who_may_be_known(page):
    """On a phone, in Thai: the form says who may be the same, and keeps what was typed."""
    page.goto("/children/new")
    for name, text in {
        "given_name": "นูรีห์", "family_name": "สมมุติ", "birth_on": "29/2/2559",
        "id_number": thai_pin(77), "guardian_name": "รอฮานา สมมุติ",
        "signer_name": "รอฮานา สมมุติ", "signed_on": "1/11/2569",
    }.items():  # fmt: skip
        page.fill(f"#{name}", text)
    for name, value in {
        "id_kind": "thai_pin", "relation": "mother", "target_group": "at_risk",
        "signer_relation": "mother",
    }.items():  # fmt: skip
        page.select_option(f"#{name}", value)
    page.check("#keep_file")
    page.locator("main form button.btn-primary").last.click()
    expect(page.locator("#another_child")).to_be_visible()
    assert page.input_value("#given_name") == "นูรีห์"
    assert page.input_value("#signed_on") == "1/11/2569"
    page.fill("#another_child", "คนละบ้าน อยู่คนละหมู่บ้าน")
    page.locator("main form button.btn-primary").last.click()
    page.wait_for_url(re.compile(r"/children/[\w-]{20,}$"))
    expect(page.locator("main a[href$='/duplicate']")).to_be_visible()
    assert page.locator("a[href*='/disbursements/new']").count() == 0
    return path_of(page)


def supervisor_decides(page):
    page.goto("/today")
    page.locator("main a[href^='/children/duplicates']").first.click()
    page.locator("#list tbody a").first.click()
    expect_text(page, "คนละบ้าน อยู่คนละหมู่บ้าน")
    page.locator("input[name=decision][value=another_child]").check()
    page.fill("#reason", "Asked both families; two children.")
    press(page, "Decide")
    expect_text(page, "Decided")


def manager_withdraws_a_consent_and_records_another(page, child):
    """Nothing of the child is shown from the withdrawal until somebody signs again."""
    page.goto(child)
    expect_text(page, "นูรีห์")
    page.locator("li[id^=consent-] summary").first.click()
    page.locator("form[action$='/withdraw'] button").first.click()
    expect(page.locator("li[id^=consent-] .status-bad")).to_be_visible()
    assert "นูรีห์" not in page.content()
    page.locator("form[action$='/consents']").locator("xpath=ancestor::details/summary").click()
    page.select_option("#kind", "keep_file")
    page.fill("#signer_name", "รอฮานา สมมุติ")
    page.select_option("#signer_relation", "mother")
    page.fill("#signed_on", "24/11/2569")
    page.locator("form[action$='/consents'] button").click()
    expect_text(page, "นูรีห์")


def manager_asks_with_a_photograph(page, child):
    page.goto(child)
    page.locator("a[href*='/disbursements/new']").click()
    row = page.locator("tr", has=page.locator("input[name=lines]:checked"))
    row.locator("input[name^=amount]").fill("6,000")
    chosen = {"fund": "GENERAL", "payee_kind": "guardian", "payout_method": "transfer"}
    for name, value in chosen.items():
        page.locator(f"input[name={name}][value={value}]").check()
    page.select_option("#need", "education")
    page.select_option("#bank", "006")
    page.fill("#account_number", "123-4-56789-0")
    page.fill("#reason", REASON)
    photograph = {"name": "p.jpg", "mimeType": "image/jpeg", "buffer": picture_with_place()}
    page.set_input_files("#document", photograph)
    page.locator("main form button.btn-primary").last.click()
    page.wait_for_url(re.compile(r"/disbursements/[\w-]{20,}$"))
    expect_text(page, REASON)
    return path_of(page)


def approver_returns(page, request):
    page.goto(request)
    expect_text(page, "Paper 1")
    page.fill("#reason", "The amount is that of two children.")
    press(page, "Return for changes")
    expect_text(page, "Returned to the person who asked.")


def manager_changes_and_sends_again(page, request):
    """From the notice on the phone; what was asked for is still in the form."""
    page.goto("/today")
    page.locator("main a[href*='returned']").first.click()
    page.locator(f"a[href='{request}']").first.click()
    page.locator("main a[href$='/edit']").click()
    expect_text(page, "The amount is that of two children.")
    assert page.input_value("#reason") == REASON
    assert page.locator("input[name^=amount]").first.input_value() == "6,000.00"
    page.locator("input[name^=amount]").first.fill("5,500")
    page.locator("main form button.btn-primary").last.click()
    page.wait_for_url(re.compile(f"{request}$"))


def member_declares_an_interest(page, request):
    """Before the meeting, beside the request: from then on the member decides nothing of it."""
    page.goto("/today")
    page.locator("main a[href^='/disbursements']").first.click()
    page.locator(f"a[href='{request}']").first.click()
    page.get_by_text("Declare an interest, and do not decide").click()
    page.locator("input[name=interest-interest]").first.check()
    press(page, "Declare, and do not decide")
    expect_text(page, "You declared an interest in this request. Somebody else decides on it.")
    expect(page.get_by_role("button", name="Approve")).to_have_count(0)


def committee_decides(secretary, members, request):
    """In a meeting; the number of the resolution."""
    page = secretary
    page.goto("/committee")
    page.get_by_role("link", name="Plan a meeting").first.click()
    page.locator("input[name=kind][value=in_room]").check()
    page.fill("#held_on", "24/11/2569")
    page.fill("#place", "Room 2")
    press(page, "Plan a meeting")
    page.locator("input[name=requests]").first.check()
    press(page, "Put on the agenda")
    press(page, "Open the meeting")
    for seat in (1, 2, 3):
        page.select_option(f"#seat-{seat}", index=1)
    press(page, "Record the attendance")
    meeting = page.url
    for member in members:
        member.goto("/today")
        member.locator("main a[href^='/today/votes'], main a[href^='/committee']").first.click()
        if "/items/" not in member.url:
            member.locator("main a[href*='/items/']").first.click()
        member.locator("input[name=ballot][value=for]").check()
        press(member, "Vote")
    page.goto(meeting)
    expect_text(page, "Declared an interest: 1")
    press(page, "Count the votes")
    expect_text(page, "Counted. The resolution has its number.")
    label = page.locator("#agenda td .cell-note").last.inner_text()
    press(page, "Close the meeting")
    expect(page.get_by_role("link", name="Minutes (PDF)")).to_be_visible()
    return label


def officer_verifies_the_account(page, request):
    page.goto(request)
    page.get_by_text("The account belongs to the payee", exact=True).click()
    page.select_option("#check-checked_by", "letter")
    press(page, "Note what I found")
    expect_text(page, "Noted. It stays with the request.")


def approver_approves(page, request):
    page.goto(request)
    expect_text(page, "Beside the decision")
    press(page, "Approve")
    expect_text(page, "Approved. It can be paid now.")


def secretary_pays(page, request, resolution):
    page.goto(request)
    expect_text(page, resolution)
    page.fill("#bank_reference", "KTB-1")
    press(page, "Record the payment")
    expect_text(page, "The payment is recorded.")
    page.get_by_role("link", name="Receipt voucher").click()
    expect_text(page, resolution)
    expect_text(page, "ห้าพันห้าร้อยบาทถ้วน")


def guardian_answers(desk, phone, request):
    """By the link on the voucher, without an account; the link answers once."""
    press(desk, "Put a new link to confirm the receipt on it")
    link = path_of_address(desk.locator("article p.code").inner_text())
    phone.goto(link)
    expect_text(phone, "5,500.00")
    phone.locator("main form button.btn-primary").click()
    expect(phone.locator("#error-summary")).to_be_visible()
    phone.locator("input[name=outcome][value=received]").check()
    phone.locator("main form button.btn-primary").click()
    expect(phone.locator("main form")).to_have_count(0)
    phone.goto(link)
    expect(phone.locator("main form")).to_have_count(0)
    expect(phone.locator("main a[href='/concerns']")).to_be_visible()
    desk.goto(request)
    expect_text(desk, "Answer by the link on the voucher")


def auditor_opens_what_is_covered(page, request):
    page.goto(request)
    assert "รอฮานา" not in page.content()
    assert "นูรี" not in page.content()
    page.get_by_text("Show them, with a reason").click()
    press(page, "Show for seven days")
    expect(page.locator("#error-summary")).to_be_visible()
    page.fill("#opening-reason", "A letter of the auditors asks whom this paid.")
    press(page, "Show for seven days")
    expect_text(page, "รอฮานา สมมุติ")
    expect_text(page, "นูรี สมมุติ")


def supervisor_sees_who_looked(page, child):
    page.goto("/children/reads")
    expect_text(page, "พิชัย วารินแสงคำ")
    page.goto(child)
    page.get_by_role("link", name="All reads").click()
    expect(page.get_by_role("row", name=re.compile("พิชัย"))).not_to_have_count(0)


def test_a_whole_class_and_a_concern_of_a_stranger(enter, world):
    code = stranger_tells(enter(language="th", width=NARROW))
    supervisor = enter("supervisor")
    supervisor_answers(supervisor)
    stranger_reads(enter(language="th", width=NARROW), code)
    request = manager_asks_for_a_class(enter("manager", "th", width=NARROW))
    officer_verifies_the_account(enter("verifier"), request)
    approver_approves_and_opens_the_next(enter("approver 1"), request)


def stranger_tells(page):
    """Without an account, on a phone, in Thai; the code is shown once."""
    page.goto("/")
    page.locator("a[href='/concerns']").first.click()
    page.locator("input[name=kind][value=money]").check()
    page.locator("main form button.btn-primary").last.click()
    expect(page.locator("#error-summary")).to_be_visible()
    assert page.locator("input[name=kind][value=money]").is_checked()
    page.fill("#words", "ยังไม่ได้รับเงินค่าเทอมของหลาน")
    page.locator("main form button.btn-primary").last.click()
    return page.locator("#code").inner_text()


def supervisor_answers(page):
    page.goto("/today")
    page.locator("main a[href^='/concerns/list']").first.click()
    page.locator("#list tbody a").first.click()
    expect_text(page, "ยังไม่ได้รับเงินค่าเทอมของหลาน")
    press(page, "Take it over")
    answer = page.locator("form[action$='/answer']")
    answer.locator("textarea").fill("โอนเงินแล้วเมื่อวานนี้ โปรดตรวจสอบบัญชี")
    answer.get_by_role("button").click()
    expect_text(page, "Answer given")


def stranger_reads(page, code):
    page.goto("/concerns")
    page.locator("main a[href='/concerns/answer']").first.click()
    page.fill("#code", code.lower())
    page.locator("main form button.btn-primary").first.click()
    expect_text(page, "โอนเงินแล้วเมื่อวานนี้")


def manager_asks_for_a_class(page):
    """All children whom the search finds, each the same amount; the list is looked at first."""
    page.goto("/disbursements/new")
    for name, value in {
        "fund": "GENERAL",
        "payee_kind": "school",
        "payout_method": "transfer",
    }.items():
        page.locator(f"input[name={name}][value={value}]").check()
    page.select_option("#need", "education")
    page.select_option("#bank", "006")
    page.fill("#account_number", "123-4-56789-0")
    page.fill("#reason", REASON)
    page.fill("#wanted", "Example School")
    page.locator("button[name=find]").click()
    assert page.input_value("#reason") == REASON
    page.locator("details:has(#each_amount) > summary").click()
    page.fill("#each_amount", "250")
    page.locator("button[name=fill]").click()
    assert page.input_value("#more_lines").count(" 250.00") == CLASS + 1
    assert page.input_value("#account_number") == "123-4-56789-0"
    page.locator("main form button.btn-primary").last.click()
    page.wait_for_url(re.compile(r"/disbursements/[\w-]{20,}$"))
    return path_of(page)


def approver_approves_and_opens_the_next(page, request):
    page.goto(request)
    expect_text(page, "Beside the decision")
    expect(page.locator("#list tbody tr")).to_have_count(CLASS + 1)
    press(page, "Approve and open the next")
    expect_text(page, "Approved. It can be paid now. Nothing else waits for you.")

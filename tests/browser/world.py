"""Data for the browser: something in every list, requests in every state."""

import base64
from dataclasses import dataclass, field
from datetime import date, timedelta

from fundapp import clock
from fundapp.access.permissions import Role
from fundapp.agencies.models import SharedFact
from fundapp.aid_plans.models import AidTermKind
from fundapp.aid_plans.operations import record_fact
from fundapp.audit.findings.operations import release_finding
from fundapp.audit.letters.keys import letter_key
from fundapp.audit.letters.models import AuditLetter
from fundapp.audit.packs.operations import order_pack
from fundapp.audit.samples.drafts import PaperDraft
from fundapp.audit.samples.models import PaperResult, SampleMethod
from fundapp.banking.operations import Waiting, book_suspense, hold_line, match_certain
from fundapp.callbacks.drafts import AnswerDraft
from fundapp.callbacks.models import CallbackOutcome
from fundapp.callbacks.operations import record_call
from fundapp.callbacks.policy import may_call_back
from fundapp.children.casework.models import CaseKind
from fundapp.children.operations import change_child
from fundapp.committee.models import Ballot
from fundapp.committee.operations import close_meeting
from fundapp.committee.queries import list_waiting_requests
from fundapp.council.operations import count_council
from fundapp.db import db, unit_of_work
from fundapp.disbursements.drafts import PayeeAccount
from fundapp.disbursements.models import Decision, Need, ReceiptOutcome, VendorEnd
from fundapp.disbursements.operations import cancel_request
from fundapp.documents.intake import accept
from fundapp.giving.channels.operations import begin_link
from fundapp.giving.drafts import GiverAccount
from fundapp.giving.gift_batches.drafts import Giver
from fundapp.giving.imports.operations import commit_import
from fundapp.giving.models import (
    CashDifference,
    CountKind,
    Frequency,
    Method,
    Pledge,
    Receipt,
    RefundWay,
    ReplaceReason,
    SlipRejection,
)
from fundapp.giving.operations import (
    ask_for_refund,
    enter_refund_account,
    pause_pledge,
    write_off_instalment,
)
from fundapp.giving.queries import find_receipt_of
from fundapp.giving.receipts.content import Payer
from fundapp.giving.receipts.keys import owner_key
from fundapp.giving.receipts.operations import replace_receipt
from fundapp.giving.receipts.year_codes import year_code
from fundapp.giving.reminders.stop_codes import stop_code
from fundapp.giving.shares import ShareTerms
from fundapp.giving.slips.operations import reject_slip
from fundapp.identity.models import User
from fundapp.identity.operations import create_user
from fundapp.ledger import chart
from fundapp.ledger.drafts import FundSettings, PostingDraft
from fundapp.ledger.log.notes import OF_WITNESS, VerifierKey
from fundapp.ledger.log.operations import seal_entries, sign_checkpoint
from fundapp.ledger.models import EntryKind, LogCosignature, LogWitness, Restriction
from fundapp.ledger.operations import close_fund, create_fund, set_tax_wording
from tests.conftest import made_up_key
from tests.documents.pictures import picture
from tests.factories.actors import AUDITOR, COMMAND_LINE, OFFICER, VISITOR
from tests.factories.advances import clear, make_advance, make_cash
from tests.factories.agencies import finish, let_in, make_agency, refer
from tests.factories.aid_plans import approve_all, make_aid_rules, make_plan
from tests.factories.banking import (
    Move,
    fee,
    import_moves,
    interest,
    make_bank_account,
    transfer_out,
)
from tests.factories.books import close_month, make_entry, make_gift
from tests.factories.callbacks import draw_running_month, make_receipt_rules
from tests.factories.campaigns import (
    confirm,
    make_batch,
    make_box,
    make_campaign,
    make_count,
    make_event,
    make_gift_in_kind,
)
from tests.factories.card_payments import make_card_payout
from tests.factories.casework import (
    hand_over_to,
    make_further_guardian,
    make_list,
    move,
    write_case_entry,
)
from tests.factories.checks import run_checks_by_worker
from tests.factories.children import (
    MUEANG,
    RAMAN,
    YAHA,
    child_facts,
    every_consent,
    make_child,
)
from tests.factories.committee import (
    count,
    make_meeting,
    make_order,
    make_rule,
    open_with,
    vote,
)
from tests.factories.concerns import make_concern, make_keepers
from tests.factories.disbursements import (
    THOUSAND,
    Team,
    decide,
    make_approved,
    make_paid,
    make_request,
    print_link,
    prove,
    send_request,
    signed_paper,
)
from tests.factories.findings import make_finding
from tests.factories.giving import (
    connect_donor,
    make_donor,
    make_office_refund,
    make_payment,
    make_pledge,
    make_reversal,
)
from tests.factories.grants import amend, make_draft, make_grant, make_grantor
from tests.factories.identity import agree, make_role_exception, make_sign_in_link, make_user
from tests.factories.imports import make_import, make_upload
from tests.factories.letters import make_answered_letter
from tests.factories.line import block_line, bounce_mail, link_line
from tests.factories.payouts import Hands, release
from tests.factories.payouts import make_batch as make_batch_of_payouts
from tests.factories.programmes import make_phase
from tests.factories.samples import check_items, make_sample
from tests.factories.slips import make_slip, slip_payload, slip_pdf, slip_picture
from tests.factories.vendors import change, make_vendor

PURPOSES = ("เพื่อเด็กในจังหวัดยะลา", "For children of Yala", "Untuk anak-anak Yala")
FUNDS = (
    ("GENERAL", Restriction.UNRESTRICTED, "กองทุนทั่วไปเพื่อเด็กยากจนและด้อยโอกาสทางการศึกษา",
     "General fund for poor and educationally disadvantaged children", "Tabung am"),
    ("EDUCATION", Restriction.RESTRICTED, "ทุนการศึกษา", "Scholarships", "Biasiswa"),
    ("OLD", Restriction.RESTRICTED, "กองทุนฟื้นฟูผู้ประสบอุทกภัย", "Flood relief", "Tabung banjir"),
    ("ZAKAT", Restriction.ZAKAT, "กองทุนซะกาต", "Zakat fund", "Tabung zakat"),
)  # fmt: skip
NAMES = [
    "อามีนะห์ สาเมาะ", "สมชาย ใจดีวัฒนกุลอนันต์", "Muhammad Firdaus bin Abdul Rahman Al-Fatani",
    "บริษัท ยะลาพัฒนาการเกษตรและอุตสาหกรรม จำกัด", "นูรีดา มะแซ", "Hasan Daud",
    "PersatuanKebajikanAnakYatimDanMiskinWilayahSelatanThailandBerhad",
]  # fmt: skip
DEDUCTIBLE = (
    "เงินบริจาคนี้นำไปหักลดหย่อนภาษีได้ตามที่กฎหมายกำหนด",
    "This gift is deductible from tax as the law says.",
    "Derma ini boleh ditolak cukai menurut undang-undang.",
)


@dataclass
class World:
    """E-mail addresses by role, and addresses of pages that contain a secret."""

    people: dict[str, str] = field(default_factory=dict)
    secret_pages: dict[str, str] = field(default_factory=dict)


def make_world() -> World:
    """Commit all of it, through the operations of the pages."""
    world = World()
    for number, (code, restriction, *names) in enumerate(FUNDS):
        unit_of_work(
            create_fund,
            code=code,
            restriction=restriction,
            settings=FundSettings(tuple(names), PURPOSES, number),
            actor=COMMAND_LINE,
        )
    unit_of_work(close_fund, "OLD", actor=COMMAND_LINE)
    # While no gift to either is deductible: later they go on different receipts.
    halves = (ShareTerms("GENERAL", 3_333), ShareTerms("EDUCATION", 6_667))
    shared = make_pledge(name=NAMES[0], shares=halves)
    unit_of_work(set_tax_wording, "GENERAL", DEDUCTIBLE, is_deductible=True, actor=COMMAND_LINE)
    close_month(date(2026, 9, 5))
    make_bank_account()
    make_gift(3_000 * THOUSAND, on=date(2026, 10, 2))
    make_gift(400 * THOUSAND, "EDUCATION", on=date(2026, 10, 9))
    make_entry(PostingDraft("ZAKAT", chart.BANK_ZAKAT, chart.ZAKAT_RECEIVED, 70 * THOUSAND))
    users = _people(world)
    _giving(world, users, shared)
    _raise_funds(world, users)
    _help(world, users)
    _bank()
    make_card_payout()
    _grants()
    make_phase()
    make_concern()
    make_keepers()
    unit_of_work(count_council, actor=COMMAND_LINE)
    _hold_meetings(users)
    _pay_in_batches(users)
    _call_back(users)
    _pay_in_instalments(users)
    _refer(users)
    make_vendor(name="ห้างหุ้นส่วนจำกัดเครื่องแบบนักเรียนและอุปกรณ์การศึกษาชายแดนใต้ (สมมุติ)", districts=())
    change(make_vendor(), ended=VendorEnd.DOUBTED)
    make_cash(2 * THOUSAND)
    make_advance(THOUSAND, holder=users["other_manager"])
    clear(make_advance(THOUSAND, holder=users["case_manager"]), 72_550)
    letter = _audit(users)
    world.secret_pages["a letter to be answered"] = (
        f"/audit/reply/{letter.number}/{letter_key(letter.number)}"
    )
    _sign_log()
    run_checks_by_worker()
    return world


def _pay_in_batches(users: dict[str, User]) -> None:
    """A batch that waits for its release, and one whose file an officer may take; other people than
    the named ones asked, approved and made them.
    """
    asker = make_user("case_manager", (RAMAN,))
    team = Team(
        asker=asker, approver=make_user("approver"), payer=make_user("fund_officer"),
        auditor=users["auditor"], child=make_child(asker, consents=every_consent()),
        fund="GENERAL", restriction=Restriction.UNRESTRICTED, prover=users["supervisor"],
        verifier=make_user("fund_officer"),
    )  # fmt: skip
    requests = [make_approved(team) for _each in range(2)]
    hands = Hands(team, team.payer, make_user("approver"), users["fund_officer"], requests)
    make_batch_of_payouts(hands, requests=[requests[0].public_id])
    release(make_batch_of_payouts(hands, requests=[requests[1].public_id]), hands)


def _pay_in_instalments(users: dict[str, User]) -> None:
    """A plan whose second instalment waits for its conditions; one of them is shown."""
    asker = make_user("case_manager", (RAMAN,))
    team = Team(
        asker=asker, approver=make_user("approver"), payer=make_user("fund_officer"),
        auditor=users["auditor"], child=make_child(asker, consents=every_consent()),
        fund="GENERAL", restriction=Restriction.UNRESTRICTED, prover=users["supervisor"],
        verifier=make_user("fund_officer"),
    )  # fmt: skip
    make_aid_rules()
    plan = make_plan(team, 3)
    approve_all(plan, team)
    request = plan.instalments[1].request.public_id
    values = {"percent": 92, "paper": accept(signed_paper()), "actor": asker.as_actor()}
    unit_of_work(record_fact, request, AidTermKind.ATTENDANCE, **values)
    make_plan(team, 2)


def _call_back(users: dict[str, User]) -> None:
    """Payments that were drawn: one was called about and its amount did not arrive."""
    make_receipt_rules(percent=40, fewest=3, overdue_days=1, supervisor_days=2)
    draw = draw_running_month()
    actor = users["supervisor"].as_actor()
    mine = [each for each in draw.callbacks if may_call_back(actor, each)]
    draft = AnswerDraft(
        CallbackOutcome.NOT_RECEIVED, clock.today(), "เงินเข้าบัญชีเพียงครึ่งเดียว ขอให้ตรวจสอบ"
    )
    unit_of_work(record_call, mine[0].number, draft, key="called", actor=actor)


def _hold_meetings(users: dict[str, User]) -> None:
    """A closed meeting with a resolution, an open one, and a rule from tomorrow on."""
    secretary, members = users["fund_officer"], [make_user("approver") for _ in range(2)]
    make_order([users["approver"], *members])
    make_rule(500 * THOUSAND)
    waiting = list(list_waiting_requests()[:2])
    closed = open_with(make_meeting(secretary, waiting[0]), secretary, users["approver"], *members)
    vote(closed, 1, *((member, Ballot.FOR) for member in members), (users["approver"], Ballot.FOR))
    count(closed, 1, secretary)
    unit_of_work(close_meeting, closed.public_id, actor=secretary.as_actor())
    open_with(make_meeting(secretary, *waiting[1:]), secretary, users["approver"], *members)


def _sign_log() -> None:
    """Two checkpoints of the sealed log; the witness that cosigned the second is made up."""
    secret = base64.b64decode(made_up_key("ledger"))
    for satang in (THOUSAND, 2 * THOUSAND):
        make_gift(satang, on=date(2026, 11, 20))
        unit_of_work(seal_entries, actor=COMMAND_LINE)
        signed = unit_of_work(sign_checkpoint, secret, actor=COMMAND_LINE)
    unit_of_work(_cosign, signed.number, signed.size)


def _cosign(number: int, size: int) -> None:
    name, at = "witness.science.example.ac.th/childrens-fund-of-the-province", clock.now()
    key = VerifierKey(name, bytes(32), OF_WITNESS)
    db.session.add(LogWitness(name=name, url="https://w.test", vkey=str(key), added_at=at))
    db.session.flush()
    line = f"— {name} {base64.b64encode(key.key_id + bytes(72)).decode()}"
    db.session.add(
        LogCosignature(number=number, size=size, witness_name=name, line=line, cosigned_at=at)
    )


def _refer(users: dict[str, User]) -> None:
    """An agency with a long name: referrals that wait, and one that is done."""
    agency = make_agency(name="ศูนย์ส่งเสริมและพัฒนาศักยภาพเด็กและเยาวชนในพื้นที่ชายแดนใต้ (สมมุติ)")
    make_agency(ends_on=clock.today() - timedelta(days=1))
    person, manager = let_in(agency, user=users["agency"]), users["case_manager"]
    child = make_child(manager, district_code=RAMAN, consents=every_consent())
    finish(refer(child, agency, manager), person)
    refer(child, agency, manager, need=Need.FOOD, facts=tuple(SharedFact))


def _people(world: World) -> dict[str, User]:
    named = {
        "donor": ("นูรีดา มะแซ", ()),
        "case_manager": ("นูรียะห์ สากอบูงา", (RAMAN, MUEANG)),
        "supervisor": ("ฟาตีเมาะ ลำธารทอง", (RAMAN, MUEANG)),
        "fund_officer": ("มาลี ธารใบบัว", ()),
        "approver": ("อาหามะ ดารายามิน", ()),
        "auditor": ("พิชัย วารินแสงคำ", ()),
        "administrator": ("จันทร์เพ็ญ ดอนรุ่งทอง", ()),
        "agency": ("ซากีนะห์ ลำธารทองสุขสวัสดิ์", ()),
    }
    users = {
        role: make_user(role, districts, name=name, email=f"{role}@example.org")
        for role, (name, districts) in named.items()
    }
    users["other_manager"] = make_user(
        "case_manager", (YAHA,), name="รุสลัน บือแนลาบู", email="other_manager@example.org"
    )
    # A proposal that is decided, and a person with an exception, to be looked at.
    make_role_exception(users["other_manager"], Role.APPROVER, Role.CASE_MANAGER)
    unit_of_work(
        create_user, "invited@example.org", name="อัสรี มะลี", roles=[Role.FUND_OFFICER],
        actor=COMMAND_LINE,
    )  # fmt: skip
    world.people = {str(role): users[role].email for role in Role}
    return users


def _giving(world: World, users: dict[str, User], shared: Pledge) -> None:
    pledges = [
        make_pledge(
            amount_satang=(number + 1) * THOUSAND,
            name=name,
            fund_code=FUNDS[number % 2][0],
            method=(Method.PROMPTPAY, Method.TRANSFER, Method.CASH)[number % 3],
        )
        for number, name in enumerate(NAMES)
    ]
    make_pledge(frequency=Frequency.MONTHLY, instalment_count=None, amount_satang=20_000)
    unit_of_work(pause_pledge, pledges[2].token, actor=OFFICER)
    for number, pledge in enumerate(pledges):
        make_payment(pledge.instalments[0].amount_satang, pledge.instalments[0])
        if number == 0:
            make_payment(99_99, is_anonymous=True, payer_name="")
    make_reversal(make_payment(THOUSAND, method=Method.CHEQUE))
    refunded = make_payment(THOUSAND, payer_name=NAMES[3], fund_code="GENERAL")
    order = make_office_refund(refunded, 400_00, RefundWay.TRANSFER)
    account = GiverAccount("006", "9876543210", NAMES[3])
    unit_of_work(enter_refund_account, order.public_id, account, actor=VISITOR)
    asked = make_payment(THOUSAND, payer_name=NAMES[2], fund_code="GENERAL")
    unit_of_work(ask_for_refund, asked.public_id, 400_00, RefundWay.CASH, actor=VISITOR)
    own = find_receipt_of(refunded.id)
    connect_donor(pledges[4], users["donor"])
    rejected = _slips(pledges[2:6])
    receipt = db.session.scalars(db.select(Receipt)).first()
    void = db.session.scalars(db.select(Receipt).where(Receipt.number == 4)).one()
    payer = Payer(NAMES[3], "1 ถนนสุขยางค์ ตำบลสะเตง อำเภอเมืองยะลา จังหวัดยะลา 95000", "0994000161100")
    why = ReplaceReason.DETAILS
    unit_of_work(replace_receipt, void.code, payer, reason=why, actor=OFFICER)
    make_payment(33_334, shared.instalments[0])
    unit_of_work(write_off_instalment, shared.token, 3, reason="โทรแจ้งเมื่อวันที่ 3 มิ.ย.", actor=OFFICER)
    make_donor("Aminah Sani", phone="0811111111")
    make_donor("อามีนะห์ ซานี", phone="0811111111")
    known = [[NAMES[1], "", "imported@example.org", "", "ศิษย์เก่า", *[""] * 7]]
    unit_of_work(commit_import, make_import(known), actor=OFFICER)
    make_upload()
    make_import([[NAMES[0], "", "", "", "", "B-1", "1e3", "5/10/2569", "", "", "", ""]])
    _ways(pledges)
    world.secret_pages = {
        "a pledge to two funds": f"/pledges/{shared.token}",
        "a pledge": f"/pledges/{pledges[0].token}",
        "a pledge by transfer": f"/pledges/{pledges[1].token}",
        "a paused pledge": f"/pledges/{pledges[2].token}",
        "a pledge with a slip": f"/pledges/{rejected.token}",
        "a receipt": f"/receipts/{receipt.code}",
        "a receipt for its owner": f"/receipts/{receipt.code}?key={owner_key(receipt.code)}",
        "what a receipt became": f"/receipts/{receipt.code}/became?key={owner_key(receipt.code)}",
        "what a pledge became": f"/pledges/{pledges[0].token}/became",
        "the proof of a receipt": f"/receipts/{receipt.code}/proof",
        "a void receipt": f"/receipts/{void.code}?key={owner_key(void.code)}",
        "a refund for its owner": f"/receipts/{own.code}/refund?key={owner_key(own.code)}",
        "messages to a donor": f"/messages/{stop_code(pledges[0].donor)}",
        "messages by LINE": f"/messages/{stop_code(pledges[1].donor)}",
        "messages to whom none reaches": f"/messages/{stop_code(pledges[2].donor)}",
        "what was given in a year": f"/statements/{year_code(pledges[0].donor, 2569)}",
        "a link to sign in": f"/sign-in/link/{make_sign_in_link('donor-of-the-link@example.org')}",
    }


def _slips(pledges: list[Pledge]) -> Pledge:
    """One transfer sent for two gifts, one without a code, and one that was not accepted; the
    pledge of this one.
    """
    more = [
        make_pledge(amount_satang=THOUSAND, name=pledge.donor_name, instalment_count=1,
                    frequency=Frequency.ONCE)
        for pledge in pledges
    ]  # fmt: skip
    make_slip(more[0])
    make_slip(more[1], slip_picture(quality=35))
    make_slip(more[2], slip_pdf(None), None)
    rejected = make_slip(more[3], slip_picture(slip_payload("2026112400001")), None)
    no_money = SlipRejection.NO_MONEY
    unit_of_work(reject_slip, rejected.public_id, no_money, actor=OFFICER)
    return more[3]


def _raise_funds(world: World, users: dict[str, User]) -> None:
    """A campaign with an event, counts of which one waits, a batch, and gifts in kind."""
    long_name = "รองเท้าและกระเป๋าคู่ใหม่สำหรับเด็กที่เดินไปโรงเรียนในพื้นที่ห่างไกล"
    campaign = make_campaign(names=(long_name, "New shoes for every school day", "Kasut baharu"))
    event = make_event(campaign, name="ตลาดนัดการกุศลและการแสดงของนักเรียนประจำปี")
    officer = users["fund_officer"].as_actor()
    other = make_user(Role.FUND_OFFICER, name="ฟาเดล กูบูปาเซ").as_actor()
    make_box()
    confirm(make_count(officer, kind=CountKind.EVENT, subject=event.public_id), other)
    make_count(other)
    make_count(
        officer,
        kind=CountKind.OFFICE,
        subject="1110",
        bag_number="",
        difference=CashDifference.NOT_RECORDED,
    )
    make_batch(Giver(50_000, NAMES[0], "giver@example.org"), Giver(20_000))
    make_gift_in_kind()
    world.secret_pages |= {
        "a campaign": f"/campaigns/{campaign.slug}",
        "to give for a campaign": f"/give?campaign={campaign.slug}",
    }


def _ways(pledges: list[Pledge]) -> None:
    """A code for LINE that waits, an account there, and a donor whom nothing reaches."""
    unit_of_work(begin_link, pledges[0].donor.public_id, actor=VISITOR)
    link_line(pledges[1].donor, "linked")
    link_line(pledges[2].donor, "blocked")
    block_line("blocked")
    bounce_mail(pledges[2].donor.email or "")


def _audit(users: dict[str, User]) -> AuditLetter:
    """A sample that is being checked with an exception, one that is frozen, its finding, a letter
    that was answered, and a pack that waits.
    """
    sample = make_sample(400 * THOUSAND)
    check_items(sample, range(1, 2), PaperDraft(PaperResult.EXCEPTION, THOUSAND, NAMES[0]))
    make_sample(400 * THOUSAND, SampleMethod.STRATIFIED, seed=None)
    title = "ใบเสร็จรับเงินของกล่องรับบริจาคไม่มีลายมือชื่อผู้นับเงินคนที่สองตามระเบียบของกองทุน"
    finding = make_finding(users["approver"], f"{sample.number}/1", title=title)
    unit_of_work(release_finding, finding.number, title, actor=AUDITOR)
    unit_of_work(order_pack, date(2026, 10, 1), date(2026, 10, 31), key="pack", actor=AUDITOR)
    return make_answered_letter(make_sample(THOUSAND, kind=EntryKind.ASSISTANCE_PAID))


def _grants() -> None:
    """A grant that runs, the draft of another, a budget, and a rule of transfers."""
    name = "สำนักงานกองทุนเพื่อความเสมอภาคทางการศึกษาจังหวัดตัวอย่าง (สมมุติ)"
    grantor = make_grantor(name)
    title = "โครงการพาเด็กกลับสู่ห้องเรียนและป้องกันการหลุดออกจากระบบการศึกษา"
    grant = make_grant(grantor, title=title)
    amend(grant, {("5120", 2570): 3 * THOUSAND, ("5130", 2570): 5 * THOUSAND})
    make_draft(grantor, title=title, number="กส. 13/2569")
    agree("budget", "GENERAL:2570", {"5120": 500 * THOUSAND, "5130": 100 * THOUSAND})
    agree("fund-transfer-rule", "GENERAL", {"gives": True, "takes": True})


def _help(world: World, users: dict[str, User]) -> None:
    manager = users["case_manager"]
    children = [
        make_child(
            manager,
            district_code=district,
            given_name=name,
            family_name="สมมุติวัฒนานุรักษ์",
            subdistrict_code=None,
            school_name="โรงเรียนบ้านตัวอย่างประชาอุทิศสามัคคีวิทยา",
            consents=every_consent(),
        )
        for name, district in (("นูรี", RAMAN), ("อัสมะ", RAMAN), ("ฟารีดา", MUEANG))
    ]
    make_child(users["other_manager"], district_code=YAHA)
    make_child(
        manager,
        given_name="อัสมะ",
        family_name="สมมุติวัฒนานุรักษ์",
        another_child="วันเกิดตรงกันแต่คนละครอบครัว",
    )
    corrected = child_facts(given_name="นูรีย์", family_name="สมมุติวัฒนานุรักษ์")
    unit_of_work(change_child, children[0].public_id, corrected, actor=manager.as_actor())
    for kind in CaseKind:
        write_case_entry(children[1], manager, kind)
    make_further_guardian(children[1], manager, NAMES[0])
    colleague = make_user(Role.CASE_MANAGER, (RAMAN,), name=NAMES[1])
    hand_over_to(children[1], manager, colleague)
    hand_over_to(make_child(colleague, given_name=NAMES[0].split()[0]), colleague, manager)
    move(make_child(manager, given_name=NAMES[1].split()[0]), manager, MUEANG)
    make_list(manager, is_taken=False)
    for code, need in (("GENERAL", Need.EDUCATION), ("EDUCATION", Need.HEALTH)):
        team = Team(
            asker=manager, approver=users["approver"], payer=users["fund_officer"],
            auditor=users["auditor"], child=children[0], fund=code,
            restriction=Restriction.UNRESTRICTED, prover=users["supervisor"],
            verifier=make_user("fund_officer"),
        )  # fmt: skip
        link = _requests(team, need)
    world.secret_pages["the link on a voucher"] = f"/confirm/{link}"


def _requests(team: Team, need: Need) -> str:
    """A request in every state; the token of the link on the voucher of a paid one."""
    make_request(team, need=need)
    decide(make_request(team, need=need), team, Decision.RETURN)
    decide(make_request(team, need=need), team, Decision.REJECT)
    make_approved(team, need=need)
    # Bank details that wait: another account than that of the others.
    send_request(team, need=need, account=PayeeAccount("004", "5556667778"))
    link = print_link(make_paid(team, need=need), team)
    document = picture("JPEG", (600, 400))
    prove(make_paid(team, need=need), team, document=document)
    prove(make_paid(team, need=need), team, ReceiptOutcome.PROBLEM)
    unwanted = make_request(team, need=need)
    unit_of_work(
        cancel_request, unwanted.public_id, version=unwanted.version, reason="ขอซ้ำ",
        actor=team.asker.as_actor(),
    )  # fmt: skip
    return link


def _bank() -> None:
    """A statement with every kind of line: certain, likely, unknown, the bank's own, money out."""
    certain = make_pledge(name="มูฮัมหมัด ดอเลาะ", amount_satang=2 * THOUSAND)
    likely = make_pledge(
        name="สุดา แก้วงาม", amount_satang=77_700, frequency=Frequency.ONCE, instalment_count=1
    )
    lines = import_moves(
        Move(certain.instalments[0].amount_satang, f"REF {certain.instalments[0].reference}"),
        Move(certain.instalments[1].amount_satang, certain.instalments[1].reference, time="10:40"),
        Move(likely.amount_satang, "นางสุดา แก้วงาม โอนจากสาขาตลาดเก่าจังหวัดยะลา", time="10:50"),
        Move(123_45, "ไม่ทราบผู้โอน", time="11:15"),
        fee(time="12:00"),
        interest(time="12:10"),
        transfer_out(50_000, "ค่าวัสดุ", time="13:00"),
        Move(100_00, "โอนผิด", time="14:00"),
        Move(55_500, "ไม่ทราบที่มา", time="14:30"),
    )
    waiting = {"waiting": Waiting.NOT_IDENTIFIED, "actor": OFFICER}
    unit_of_work(book_suspense, lines[-1].public_id, **waiting)
    unit_of_work(hold_line, lines[-2].public_id, reason="รอธนาคารตอบ", actor=OFFICER)
    unit_of_work(match_certain, lines[0].statement.public_id, actor=OFFICER)

"""An audit of the demo: a sample with its papers, a finding up to its retest, letters to givers
with their answers, and a pack that the worker makes.
"""

from contextlib import suppress
from datetime import timedelta

from demo.events import HelpAudited
from demo.state import DemoState
from fundapp import clock
from fundapp.access.actors import Actor
from fundapp.audit.findings.drafts import FindingDraft
from fundapp.audit.findings.models import Severity
from fundapp.audit.findings.operations import (
    answer_finding,
    release_finding,
    retest_finding,
    write_finding,
)
from fundapp.audit.letters.drafts import ReplyDraft
from fundapp.audit.letters.errors import NobodyToAskError
from fundapp.audit.letters.models import LetterAnswer
from fundapp.audit.letters.operations import make_letters, note_sent, record_reply
from fundapp.audit.packs.operations import order_pack
from fundapp.audit.samples.drafts import PaperDraft, SampleDraft, Scope
from fundapp.audit.samples.models import Confidence, PaperResult, Sample, SampleMethod, SeedSource
from fundapp.audit.samples.operations import close_sample, draw_sample, freeze_sample, write_paper
from fundapp.audit.samples.queries import last_entry_id, read_population
from fundapp.ledger.models import EntryKind

#: The materiality is this part of the population, so that about 24 entries are drawn.
_PART = 8
_MOST_ENTRIES = 20_000
#: Gifts of so many days are asked about, about six of them.
_LETTER_DAYS, _LETTER_PART = 14, 2
_NUMBER = "481516"
_TITLE = "วันที่ในใบสำคัญรับเงินไม่ตรงกับวันที่ลงบัญชี"
_SUMMARY = "ใบสำคัญรับเงิน 1 ฉบับลงวันที่ไม่ตรงกับบัญชี แก้ไขแล้วและตรวจซ้ำแล้ว"


def help_audited(state: DemoState, event: HelpAudited) -> None:
    """Draw a sample of approved help, check it, and follow its one exception to the retest."""
    auditor = state.people.auditor()
    sample = _drawn(EntryKind.ASSISTANCE_APPROVED, event.days, _PART, auditor)
    if sample is not None:
        _check_items(sample.number, len(sample.items), auditor)
        close_sample(sample.number, actor=auditor)
        _find(f"{sample.number}/1", state.people.approver(0), auditor)
    asked = _drawn(EntryKind.DONATION, _LETTER_DAYS, _LETTER_PART, auditor)
    if asked is not None:
        with suppress(NobodyToAskError):
            _ask_givers(asked.number, auditor)
    first = clock.today() - timedelta(days=event.days)
    order_pack(first, clock.today(), key="demo:pack:1", actor=auditor)


def _drawn(kind: EntryKind, days: int, part: int, auditor: Actor) -> Sample | None:
    """A drawn sample of the last days, whose materiality is one of so many parts of them."""
    today = clock.today()
    scope = Scope(today - timedelta(days=days), today, kind)
    population = read_population(scope, last_entry_id(), _MOST_ENTRIES)
    if population is None or not population.members:
        return None
    materiality = max(population.total_satang // part, 1)
    draft = SampleDraft(scope, SampleMethod.MONETARY_UNIT, Confidence.C95, materiality)
    sample = freeze_sample(draft, key=f"demo:sample:{kind}", actor=auditor)
    return draw_sample(sample.number, SeedSource.PUBLIC, _NUMBER, actor=auditor)


def _ask_givers(number: str, auditor: Actor) -> None:
    """Letters to givers: the first agrees, the second says otherwise, the third is silent."""
    letters = make_letters(number, actor=auditor)
    for letter in letters[:3]:
        note_sent(letter.number, clock.today(), actor=auditor)
    for letter in letters[:1]:
        answer = ReplyDraft(LetterAnswer.AGREES, words="ถูกต้องครับ")
        record_reply(letter.number, answer, version=letter.version, actor=auditor)
    for letter in letters[1:2]:
        less = ReplyDraft(LetterAnswer.DIFFERS, letter.amount_satang // 2, "จำได้ว่าน้อยกว่านี้")
        record_reply(letter.number, less, version=letter.version, actor=auditor)


def _check_items(number: str, count: int, auditor: Actor) -> None:
    odd = PaperDraft(PaperResult.EXCEPTION, 100, "วันที่ในใบสำคัญเป็นวันก่อนวันที่อนุมัติ")
    for position in range(1, count + 1):
        paper = odd if position == 1 else PaperDraft(PaperResult.IN_ORDER)
        write_paper(number, position, paper, actor=auditor)


def _find(item: str, owner: Actor, auditor: Actor) -> None:
    draft = FindingDraft(
        Severity.LOW,
        _TITLE,
        criteria="ใบสำคัญรับเงินลงวันที่ที่รับเงินจริง",
        condition="ใบสำคัญ 1 ฉบับลงวันที่ก่อนวันที่อนุมัติ 1 วัน",
        cause="เจ้าหน้าที่เตรียมใบสำคัญไว้ล่วงหน้า",
        effect="ลำดับเอกสารไม่ชัดเจน จำนวนเงินถูกต้อง",
        owner=owner.ref,
        due_on=clock.today() + timedelta(days=30),
        reference=item,
    )
    finding = write_finding(draft, key="demo:finding:1", actor=auditor)
    answer_finding(finding.number, "กำหนดให้ลงวันที่เมื่อผู้รับเงินลงนามเท่านั้น", actor=owner)
    words = "ตรวจใบสำคัญที่ออกหลังวันที่ตอบแล้ว ลงวันที่ตรงทุกฉบับ"
    retest_finding(finding.number, words, passed=True, actor=auditor)
    release_finding(finding.number, _SUMMARY, actor=auditor)

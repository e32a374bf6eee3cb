"""A campaign of the demo: its event, a donation box, envelopes in a batch, and a gift in kind."""

from dataclasses import replace
from datetime import timedelta

from demo.events import EventHeld
from demo.state import DemoState
from fundapp import clock
from fundapp.access.actors import Actor
from fundapp.giving.campaigns.drafts import CampaignDraft
from fundapp.giving.campaigns.operations import add_event, open_campaign
from fundapp.giving.cash.drafts import CountDraft
from fundapp.giving.cash.operations import confirm_count, count_cash, put_out_box
from fundapp.giving.gift_batches.drafts import BatchDraft, Giver, RowDraft
from fundapp.giving.gift_batches.operations import add_rows, begin_batch, post_batch
from fundapp.giving.in_kind.drafts import InKindDraft
from fundapp.giving.in_kind.operations import record_gift_in_kind
from fundapp.giving.models import CountKind, DonorKind, Method
from fundapp.ledger import chart

_NAMES = ("รองเท้าคู่ใหม่ไปโรงเรียน", "New shoes for school", "Kasut baharu ke sekolah")
_STORIES = (
    "เด็กจำนวนมากเดินไปโรงเรียนด้วยรองเท้าที่ใช้ต่อจากพี่ เงินทุก 350 บาทซื้อรองเท้านักเรียนได้หนึ่งคู่",
    "Many children walk to school in the shoes of an older sibling. Every 350 baht buys a pair.",
    "Ramai kanak-kanak berjalan ke sekolah dengan kasut abang atau kakak. 350 baht untuk sepasang.",
)
_PIECES = {100_000: 12, 50_000: 9, 10_000: 41, 2_000: 60, 1_000: 35, 500: 20}
_BOX = {10_000: 8, 5_000: 6, 2_000: 31, 1_000: 44, 500: 30, 100: 75, 50: 10}
_SECOND_BOX = {10_000: 4, 2_000: 18, 1_000: 10}
_MILL = "ร้านข้าวสารบ้านนา"
_ENVELOPES = ((50_000, "ครอบครัวสายธาร"), (100_000, "ร้านน้ำชาหน้าตลาด"), (30_000, ""))


def event_held(state: DemoState, event: EventHeld) -> None:
    """The campaign is opened, and what came in is counted by the two officers."""
    first, second = state.people.officer(1), state.people.officer(3)
    today = clock.today()
    campaign = open_campaign(
        event.campaign,
        event.fund,
        CampaignDraft(_NAMES, _STORIES, 20_000_000, today, today + timedelta(days=90)),
        actor=first,
    )
    fair = add_event(
        campaign.slug, name="ตลาดนัดการกุศล", place="สวนขวัญเมือง", held_on=today,
        key="demo:event:1", actor=first,
    )  # fmt: skip
    put_out_box(7, place="ร้านอาหารหน้าศาลากลาง", keeper="", fund_code=event.fund, actor=first)
    _count(CountKind.EVENT, fair.public_id, _PIECES, first, second)
    _count(CountKind.BOX, "7", _BOX, second, first)
    put_out_box(8, place="สหกรณ์ตัวอย่าง", keeper="", fund_code=event.fund, actor=second)
    box = CountDraft(CountKind.BOX, "8", today, 86_000, _SECOND_BOX, bag_number="YL-BOX-0002")
    count_cash(box, key="demo:count:waiting", actor=second)
    _record_envelopes(event.fund, first)
    rice = InKindDraft(
        "ข้าวสาร 40 ถุง ถุงละ 5 กก.", 800_000, today, name=_MILL, kind=DonorKind.COMPANY
    )
    record_gift_in_kind(rice, key="demo:in-kind:1", actor=first)


def _count(
    kind: CountKind, subject: str, pieces: dict[int, int], counter: Actor, other: Actor
) -> None:
    """Cash that one officer counts and the other confirms."""
    total = sum(value * number for value, number in pieces.items())
    draft = CountDraft(
        kind, subject, clock.today(), total, pieces, bag_number=f"YL-{kind.value.upper()}-0001"
    )
    count = count_cash(draft, key=f"demo:count:{kind.value}", actor=counter)
    confirm_count(count.public_id, total_satang=total, actor=other)


def _record_envelopes(fund: str, officer: Actor) -> None:
    givers = [Giver(satang, name) for satang, name in _ENVELOPES]
    draft = BatchDraft(
        Method.CASH, fund, chart.CASH_ON_HAND, clock.today(), len(givers),
        sum(giver.amount_satang for giver in givers),
    )  # fmt: skip
    batch = begin_batch(draft, key="demo:batch:1", actor=officer)
    add_rows(batch.public_id, [RowDraft(giver) for giver in givers], actor=officer)
    post_batch(batch.public_id, actor=officer)
    other = replace(draft, expected_count=2, expected_satang=60_000)
    begun = begin_batch(other, key="demo:batch:2", actor=officer)
    add_rows(begun.public_id, [RowDraft(Giver(40_000, "ครอบครัวตัวอย่าง"))], actor=officer)

"""The rule of the thread against a model that moves one satang at a time."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fundapp.ledger.thread.replay import FundReplay
from fundapp.ledger.thread.rule import Event, follow

ACTS = st.lists(
    st.tuples(st.sampled_from(["give", "give", "take", "take", "undo", "part"]), st.integers(1, 9)),
    max_size=40,
)


def journal(acts, *, may_lack):
    """The events of one fund. What is undone is one that was not undone, and of which no part came
    back; people take no more than there is, the bank does.
    """
    events, live, available, parted = [], [], 0, {}
    for number, (act, amount) in enumerate(acts, start=1):
        net, undoes = (amount if act == "give" else -amount), None
        if act == "part":
            takes = [each for each, was in live if was < 0] + list(parted)
            if not takes:
                continue
            undoes = takes[amount % len(takes)]
            left = parted.get(undoes) or -dict(live)[undoes]
            net = min(left, 1 + amount // 2)
            live = [each for each in live if each[0] != undoes]
            parted[undoes] = left - net
            if not parted[undoes]:
                del parted[undoes]
        if act == "undo":
            if not live:
                continue
            undoes, was = live.pop(amount % len(live))
            net = -was
        if act != "part" and available + net < 0 and not (may_lack and available >= 0):
            if undoes is not None:
                live.append((undoes, was))
            continue
        available += net
        events.append(Event(number, "F", net, undoes))
        if undoes is None:
            live.append((number, net))
    return events


class OneByOne:
    """Every satang of a source is an item; nothing else is kept."""

    def __init__(self):
        self.free, self.used, self.lacking = [], [], []

    def follow(self, event):
        number, _fund, net, undoes = event
        if undoes is None and net > 0:
            self.free += [number] * net
        elif undoes is None:
            self.lacking += [number] * -net
        elif net > 0:
            for _ in range(net):  # what nothing covers, then the newest
                if undoes in self.lacking:
                    self.lacking.remove(undoes)
                    continue
                newest = max(item for item in self.used if item[0] == undoes)
                self.used.remove(newest)
                self.free.append(newest[1])
        else:
            self.lacking += [taker for taker, source in self.used if source == undoes]
            self.used = [item for item in self.used if item[1] != undoes]
            self.free = [source for source in self.free if source != undoes]
        while self.free and self.lacking:
            source, taker = min(self.free), min(self.lacking)
            self.free.remove(source)
            self.lacking.remove(taker)
            self.used.append((taker, source))


def counted(items):
    return {item: items.count(item) for item in items}


@pytest.mark.sqlite  # a pure function
@given(ACTS, st.booleans())
def test_any_journal_leads_to_what_one_satang_at_a_time_leads_to(acts, may_lack):
    events = journal(acts, may_lack=may_lack)
    undone = {event.undoes for event in events if event.undoes is not None}
    replay, model, parts = FundReplay({event.entry_id for event in events}), OneByOne(), {}
    few = FundReplay(undone)
    for event in events:
        before = len(replay.moves)
        follow(event, replay)
        follow(event, few)
        model.follow(event)
        for move in replay.moves[before:]:
            assert move.cause_entry_id == event.entry_id
            key = move.taker_entry_id, move.source_entry_id
            parts[key] = parts.get(key, 0) + move.satang
        assert {key: satang for key, satang in parts.items() if satang} == counted(model.used)
        assert dict(replay.rests()) == counted(model.free)
        assert replay.needs == counted(model.lacking)
    assert few.moves == replay.moves
    for event in events:
        if event.undoes is not None:
            continue
        came_back = sum(other.net_satang for other in events if other.undoes == event.entry_id)
        if event.entry_id not in undone or came_back > 0:
            side = 0 if event.net_satang < 0 else 1
            open_items = model.lacking if event.net_satang < 0 else model.free
            whole = sum(satang for key, satang in parts.items() if key[side] == event.entry_id)
            whole += open_items.count(event.entry_id) + max(0, came_back)
            assert whole == abs(event.net_satang)

"""The thread from a gift to the help it became, made from the journal that there is."""

import heapq
from collections import defaultdict

import sqlalchemy as sa
from alembic import op

from fundapp.db import BigInt, many_rows, rules

revision = "0048"
down_revision = "0047"
branch_labels = None
depends_on = None

#: Printed by tests/architecture/test_rules.py.
RULES = "b6db212741638555"
_TABLES = ("thread_moves", "thread_rests", "thread_heads", "thread_late")
_MOVES = ("cause_entry_id", "fund_code", "taker_entry_id", "source_entry_id", "satang")
#: What each posting did to the net assets of its fund, in the order of the journal.
_EFFECTS = """
SELECT entry_id, fund_code, amount_satang * (
    CASE WHEN credit_account_code >= '3' THEN 1 ELSE 0 END
    - CASE WHEN debit_account_code >= '3' THEN 1 ELSE 0 END
) AS effect
FROM postings
WHERE (credit_account_code >= '3') <> (debit_account_code >= '3')
ORDER BY entry_id, position
"""
_UNDONE = """
SELECT r.id, r.reverses_entry_id FROM journal_entries r
JOIN journal_entries e ON e.id = r.reverses_entry_id
WHERE r.reverses_entry_id > 0 AND e.reverses_entry_id IS NULL
"""


def upgrade() -> None:
    """Create the tables and fill them."""
    connection = op.get_bind()
    rules.take_out(connection)
    _create_tables()
    _fill(connection)
    for side, other in (("taker", "source"), ("source", "taker")):
        op.create_index(
            f"ix_thread_moves_{side}",
            "thread_moves",
            [f"{side}_entry_id", "fund_code", f"{other}_entry_id", "satang"],
        )
    rules.bring_in(connection, RULES)


def downgrade() -> None:
    """Drop them: they hold nothing that the journal does not say."""
    rules.take_out(op.get_bind())
    for table in reversed(_TABLES):
        op.drop_table(table)


def _create_tables() -> None:
    def fund() -> sa.Column[str]:
        return sa.Column("fund_code", sa.Text(), nullable=False)

    def entry(name: str, comment: str | None = None) -> sa.Column[int]:
        return sa.Column(name, BigInt, autoincrement=False, nullable=False, comment=comment)

    op.create_table(
        "thread_moves",
        entry("cause_entry_id"),
        fund(),
        entry("taker_entry_id"),
        entry("source_entry_id"),
        entry("satang", "below zero: given back to the source"),
        sa.CheckConstraint("satang <> 0", name=op.f("ck_thread_moves_moves_something")),
        sa.CheckConstraint(
            "taker_entry_id <> source_entry_id", name=op.f("ck_thread_moves_two_entries")
        ),
        sa.CheckConstraint(
            "cause_entry_id >= taker_entry_id AND cause_entry_id >= source_entry_id",
            name=op.f("ck_thread_moves_caused_last"),
        ),
        sa.ForeignKeyConstraint(
            ["fund_code"], ["funds.code"], name=op.f("fk_thread_moves_fund_code")
        ),
        sa.PrimaryKeyConstraint(
            "cause_entry_id",
            "fund_code",
            "taker_entry_id",
            "source_entry_id",
            name=op.f("pk_thread_moves"),
        ),
        sqlite_strict=True,
        sqlite_with_rowid=False,
    )
    op.create_table(
        "thread_rests",
        fund(),
        entry("entry_id"),
        entry("rest_satang", "below zero: covered by nothing yet"),
        sa.CheckConstraint("rest_satang <> 0", name=op.f("ck_thread_rests_rests_something")),
        sa.ForeignKeyConstraint(
            ["fund_code"], ["funds.code"], name=op.f("fk_thread_rests_fund_code")
        ),
        sa.PrimaryKeyConstraint("fund_code", "entry_id", name=op.f("pk_thread_rests")),
        sqlite_strict=True,
        sqlite_with_rowid=False,
    )
    op.create_table(
        "thread_heads",
        fund(),
        entry("head_entry_id", "the newest source of which something was taken"),
        entry("last_entry_id", "the newest entry that took money, gave it back or was undone"),
        sa.CheckConstraint(
            "head_entry_id <= last_entry_id", name=op.f("ck_thread_heads_head_before_last")
        ),
        sa.ForeignKeyConstraint(
            ["fund_code"], ["funds.code"], name=op.f("fk_thread_heads_fund_code")
        ),
        sa.PrimaryKeyConstraint("fund_code", name=op.f("pk_thread_heads")),
        sqlite_strict=True,
        sqlite_with_rowid=False,
    )
    op.create_table(
        "thread_late",
        fund(),
        entry("entry_id"),
        sa.PrimaryKeyConstraint("fund_code", "entry_id", name=op.f("pk_thread_late")),
        sqlite_strict=True,
        sqlite_with_rowid=False,
    )


def _fill(connection: sa.Connection) -> None:
    """As fundapp/ledger/thread/rule.py says it when this migration was written."""
    undone = {row[0]: row[1] for row in connection.exec_driver_sql(_UNDONE)}
    funds: defaultdict[str, _Fund] = defaultdict(lambda: _Fund(set(undone.values())))
    current, nets = -1, dict[str, int]()
    options = {"yield_per": 5000}
    with connection.exec_driver_sql(_EFFECTS, execution_options=options) as rows:
        for entry_id, code, satang in rows:
            if entry_id != current:
                for fund_code, net in nets.items():
                    funds[fund_code].follow(current, net, undone.get(current))
                current, nets = entry_id, {}
            nets[code] = nets.get(code, 0) + satang
    for fund_code, net in nets.items():
        funds[fund_code].follow(current, net, undone.get(current))
    for code, fund in funds.items():
        if fund.last < 0:
            continue
        moves = [(cause, code, *move) for cause, *move in fund.moves]
        head = max((source for *_, source, _satang in moves), default=-1)
        last = max([fund.last, *(cause for cause, *_ in moves[-1:])])
        rests = [(code, source, left) for source, left in fund.left.items() if source <= head]
        rests += [(code, taker, -satang) for taker, satang in fund.needs.items()]
        many_rows.write_values(connection, "thread_moves", _MOVES, moves)
        many_rows.write_values(
            connection, "thread_rests", ("fund_code", "entry_id", "rest_satang"), rests
        )
        many_rows.write_values(
            connection,
            "thread_heads",
            ("fund_code", "head_entry_id", "last_entry_id"),
            [(code, head, last)],
        )


class _Fund:
    """The queue of one fund, what nothing covers, and the moves made so far."""

    def __init__(self, undone: set[int]) -> None:
        self.undone, self.last = undone, -1
        self.left: dict[int, int] = {}
        self.queue: list[int] = []
        self.needs: dict[int, int] = {}
        self.moves: list[tuple[int, int, int, int]] = []
        self.parts: defaultdict[int, defaultdict[tuple[int, int], int]]
        self.parts = defaultdict(lambda: defaultdict(int))

    def follow(self, entry_id: int, net: int, undoes: int | None) -> None:
        if not net:
            return
        if net < 0 or undoes is not None:
            self.last = entry_id
        if undoes is None and net > 0:
            self.put(entry_id, net)
        elif undoes is None:
            self.needs[entry_id] = -net
        else:
            for (taker, source), satang in sorted(self.parts[undoes].items()):
                if not satang:
                    continue
                self.move(entry_id, taker, source, -satang)
                if taker == undoes:
                    self.put(source, satang)
                else:
                    self.needs[taker] = self.needs.get(taker, 0) + satang
            self.left.pop(undoes, None)
            self.needs.pop(undoes, None)
        self.cover(entry_id)

    def put(self, source: int, satang: int) -> None:
        if source not in self.left:
            heapq.heappush(self.queue, source)
        self.left[source] = self.left.get(source, 0) + satang

    def move(self, cause: int, taker: int, source: int, satang: int) -> None:
        self.moves.append((cause, taker, source, satang))
        for entry_id in self.undone & {taker, source}:
            self.parts[entry_id][taker, source] += satang

    def cover(self, cause: int) -> None:
        while self.needs:
            while self.queue and self.queue[0] not in self.left:
                heapq.heappop(self.queue)
            if not self.queue:
                return
            taker, source = min(self.needs), self.queue[0]
            satang = min(self.needs[taker], self.left[source])
            self.move(cause, taker, source, satang)
            for kept, entry_id in ((self.needs, taker), (self.left, source)):
                kept[entry_id] -= satang
                if not kept[entry_id]:
                    del kept[entry_id]

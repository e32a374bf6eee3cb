"""Call-backs with what is published of them, rules of receipts, and aid in instalments."""

import sqlalchemy as sa
from alembic import op

from fundapp.db import BigInt, Bytes, Day, Flag, UtcDateTime, checks, rules

revision = "0074"
down_revision = "0073"
branch_labels = None
depends_on = None

#: Printed by tests/architecture/test_rules.py.
RULES = "162bdd10a6b25e82"
_KINDS = (
    "kind IN ('decision', 'cancellation', 'reversal', 'payment_note', 'line', 'child_facts',"
    " 'pledge', 'duplicate', 'audit')"
)
_WITH_CALLBACK = (
    "kind IN ('decision', 'cancellation', 'reversal', 'payment_note', 'line', 'child_facts',"
    " 'pledge', 'duplicate', 'audit', 'callback')"
)


def upgrade() -> None:
    """Create the tables, and let a remark be of a call-back."""
    connection = op.get_bind()
    rules.take_out(connection)
    checks.replace_check(connection, "remarks", "ck_remarks_kind_known", _KINDS, _WITH_CALLBACK)
    _create_rules()
    _create_draws()
    _create_answers()
    _create_plans()
    _create_facts()
    rules.bring_in(connection, RULES)


def downgrade() -> None:
    """Drop them; the words of call-backs go with them."""
    connection = op.get_bind()
    rules.take_out(connection)
    for table in (
        "aid_waivers",
        "aid_facts",
        "aid_instalments",
        "aid_plans",
        "aid_terms",
        "aid_rules",
        "published_callbacks",
        "proof_reminders",
        "callback_answers",
        "callbacks",
        "callback_draws",
        "receipt_rules",
    ):
        op.drop_table(table)
    op.execute("DELETE FROM remarks WHERE kind = 'callback'")
    checks.replace_check(connection, "remarks", "ck_remarks_kind_known", _WITH_CALLBACK, _KINDS)


def _create_rules() -> None:
    op.create_table(
        "receipt_rules",
        sa.Column("id", BigInt, autoincrement=False, nullable=False),
        sa.Column(
            "starts_on",
            Day(),
            nullable=False,
            comment="from this day they replace the rules before",
        ),
        sa.Column("percent", BigInt, nullable=False, comment="of a month's payments, called about"),
        sa.Column(
            "fewest", BigInt, nullable=False, comment="so many at least, where there are so many"
        ),
        sa.Column(
            "overdue_days",
            BigInt,
            nullable=False,
            comment="after the payment; then a proof of receipt is overdue",
        ),
        sa.Column(
            "supervisor_days",
            BigInt,
            nullable=False,
            comment="after the payment; then the supervisor is told too",
        ),
        sa.Column("confirmed_by_id", BigInt, nullable=False),
        sa.Column("proposal_id", BigInt, nullable=False),
        sa.Column("recorded_at", UtcDateTime(), nullable=False),
        sa.CheckConstraint(
            "fewest BETWEEN 1 AND 500", name=op.f("ck_receipt_rules_fewest_in_range")
        ),
        sa.CheckConstraint(
            "overdue_days BETWEEN 1 AND 365", name=op.f("ck_receipt_rules_overdue_in_range")
        ),
        sa.CheckConstraint(
            "percent BETWEEN 0 AND 100", name=op.f("ck_receipt_rules_percent_in_range")
        ),
        sa.CheckConstraint(
            "supervisor_days > overdue_days AND supervisor_days <= 730",
            name=op.f("ck_receipt_rules_supervisor_later"),
        ),
        sa.ForeignKeyConstraint(
            ["confirmed_by_id"], ["users.id"], name=op.f("fk_receipt_rules_confirmed_by_id")
        ),
        sa.ForeignKeyConstraint(
            ["proposal_id"], ["proposals.id"], name=op.f("fk_receipt_rules_proposal_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_receipt_rules")),
        sa.UniqueConstraint("starts_on", name=op.f("uq_receipt_rules_starts_on")),
        sa.UniqueConstraint("proposal_id", name=op.f("uq_receipt_rules_proposal_id")),
        sqlite_strict=True,
    )


def _create_draws() -> None:
    op.create_table(
        "callback_draws",
        sa.Column("id", BigInt, autoincrement=False, nullable=False),
        sa.Column("month_on", Day(), nullable=False, comment="first day of the month"),
        sa.Column("rules_id", BigInt, nullable=False),
        sa.Column("seed", sa.Text(), nullable=False, comment="32 hexadecimal digits, by chance"),
        sa.Column(
            "population_count", BigInt, nullable=False, comment="payments recorded in the month"
        ),
        sa.Column(
            "population_sha256", Bytes, nullable=False, comment="of their vouchers, in order"
        ),
        sa.Column("drawn_count", BigInt, nullable=False),
        sa.Column(
            "drawn_by", sa.Text(), nullable=False, comment="public id of a user, or a process"
        ),
        sa.Column("drawn_at", UtcDateTime(), nullable=False),
        sa.CheckConstraint(
            "drawn_count BETWEEN 1 AND population_count",
            name=op.f("ck_callback_draws_drawn_of_population"),
        ),
        sa.CheckConstraint(
            "length(population_sha256) = 32", name=op.f("ck_callback_draws_population_hashed")
        ),
        sa.CheckConstraint("length(seed) = 32", name=op.f("ck_callback_draws_seed_length")),
        sa.ForeignKeyConstraint(
            ["rules_id"], ["receipt_rules.id"], name=op.f("fk_callback_draws_rules_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_callback_draws")),
        sa.UniqueConstraint("month_on", name=op.f("uq_callback_draws_month_on")),
        sqlite_strict=True,
    )
    op.create_table(
        "callbacks",
        sa.Column("id", BigInt, autoincrement=False, nullable=False),
        sa.Column("draw_id", BigInt, nullable=False),
        sa.Column("position", BigInt, nullable=False, comment="in the order in which it was drawn"),
        sa.Column("payout_id", BigInt, nullable=False),
        sa.CheckConstraint("position >= 1", name=op.f("ck_callbacks_position_from_one")),
        sa.ForeignKeyConstraint(
            ["draw_id"], ["callback_draws.id"], name=op.f("fk_callbacks_draw_id")
        ),
        sa.ForeignKeyConstraint(["payout_id"], ["payouts.id"], name=op.f("fk_callbacks_payout_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_callbacks")),
        sa.UniqueConstraint("draw_id", "position", name=op.f("uq_callbacks_position")),
        sa.UniqueConstraint("payout_id", name=op.f("uq_callbacks_payout_id")),
        sqlite_strict=True,
    )


def _create_answers() -> None:
    op.create_table(
        "callback_answers",
        sa.Column("id", BigInt, autoincrement=False, nullable=False),
        sa.Column("callback_id", BigInt, nullable=False),
        sa.Column("outcome", sa.Text(), nullable=False),
        sa.Column("called_on", Day(), nullable=False),
        sa.Column(
            "words_digest",
            Bytes,
            nullable=True,
            comment="of the words, which are a remark on the request",
        ),
        sa.Column("concern_id", BigInt, nullable=True),
        sa.Column("called_by_id", BigInt, nullable=False),
        sa.Column("recorded_at", UtcDateTime(), nullable=False),
        sa.Column("idempotency_key", sa.Text(), nullable=False, comment="of the form"),
        sa.CheckConstraint(
            "(outcome = 'not_received') = (concern_id IS NOT NULL)",
            name=op.f("ck_callback_answers_concern_told"),
        ),
        sa.CheckConstraint(
            "outcome IN ('received', 'not_received', 'unreached')",
            name=op.f("ck_callback_answers_outcome_known"),
        ),
        sa.CheckConstraint(
            "outcome <> 'not_received' OR words_digest IS NOT NULL",
            name=op.f("ck_callback_answers_problem_in_words"),
        ),
        sa.CheckConstraint(
            "length(words_digest) = 32", name=op.f("ck_callback_answers_words_hashed")
        ),
        sa.ForeignKeyConstraint(
            ["callback_id"], ["callbacks.id"], name=op.f("fk_callback_answers_callback_id")
        ),
        sa.ForeignKeyConstraint(
            ["called_by_id"], ["users.id"], name=op.f("fk_callback_answers_called_by_id")
        ),
        sa.ForeignKeyConstraint(
            ["concern_id"], ["concerns.id"], name=op.f("fk_callback_answers_concern_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_callback_answers")),
        sa.UniqueConstraint("concern_id", name=op.f("uq_callback_answers_concern_id")),
        sa.UniqueConstraint("idempotency_key", name=op.f("uq_callback_answers_idempotency_key")),
        sqlite_strict=True,
    )
    op.create_index(
        op.f("ix_callback_answers_callback_id"), "callback_answers", ["callback_id", "id"]
    )
    op.create_index(
        op.f("uq_callback_answers_reached"),
        "callback_answers",
        ["callback_id"],
        unique=True,
        sqlite_where=sa.text("outcome <> 'unreached'"),
        postgresql_where=sa.text("outcome <> 'unreached'"),
    )
    op.create_table(
        "proof_reminders",
        sa.Column("user_id", BigInt, autoincrement=False, nullable=False),
        sa.Column("week_on", Day(), nullable=False, comment="its Monday"),
        sa.Column("request_count", BigInt, nullable=False, comment="overdue proofs that it named"),
        sa.Column("queued_at", UtcDateTime(), nullable=False),
        sa.CheckConstraint("request_count > 0", name=op.f("ck_proof_reminders_of_some")),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name=op.f("fk_proof_reminders_user_id")),
        sa.PrimaryKeyConstraint("user_id", "week_on", name=op.f("pk_proof_reminders")),
        sqlite_strict=True,
    )
    op.create_table(
        "published_callbacks",
        sa.Column("month_on", Day(), nullable=False, comment="the last month"),
        sa.Column("drawn_count", BigInt, nullable=False),
        sa.Column("reached_count", BigInt, nullable=False),
        sa.Column(
            "confirmed_count", BigInt, nullable=False, comment="who received the whole amount"
        ),
        sa.Column("published_at", UtcDateTime(), nullable=False),
        sa.CheckConstraint(
            "confirmed_count BETWEEN 0 AND reached_count AND reached_count <= drawn_count",
            name=op.f("ck_published_callbacks_counts_fit"),
        ),
        sa.CheckConstraint("reached_count > 10", name=op.f("ck_published_callbacks_not_small")),
        sa.ForeignKeyConstraint(
            ["month_on"], ["callback_draws.month_on"], name=op.f("fk_published_callbacks_month_on")
        ),
        sa.PrimaryKeyConstraint("month_on", name=op.f("pk_published_callbacks")),
        sqlite_strict=True,
    )


def _create_plans() -> None:
    op.create_table(
        "aid_rules",
        sa.Column("id", BigInt, autoincrement=False, nullable=False),
        sa.Column("need", sa.Text(), nullable=False),
        sa.Column(
            "starts_on",
            Day(),
            nullable=False,
            comment="plans made from this day on have these conditions",
        ),
        sa.Column("term_count", BigInt, nullable=False),
        sa.Column("confirmed_by_id", BigInt, nullable=False),
        sa.Column("proposal_id", BigInt, nullable=False),
        sa.Column("recorded_at", UtcDateTime(), nullable=False),
        sa.CheckConstraint(
            "need IN ('living', 'education', 'travel', 'health', 'food')",
            name=op.f("ck_aid_rules_need_known"),
        ),
        sa.CheckConstraint("term_count BETWEEN 0 AND 4", name=op.f("ck_aid_rules_terms_in_range")),
        sa.ForeignKeyConstraint(
            ["confirmed_by_id"], ["users.id"], name=op.f("fk_aid_rules_confirmed_by_id")
        ),
        sa.ForeignKeyConstraint(
            ["proposal_id"], ["proposals.id"], name=op.f("fk_aid_rules_proposal_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_aid_rules")),
        sa.UniqueConstraint("need", "starts_on", name=op.f("uq_aid_rules_day")),
        sa.UniqueConstraint("proposal_id", name=op.f("uq_aid_rules_proposal_id")),
        sqlite_strict=True,
    )
    op.create_table(
        "aid_terms",
        sa.Column("rules_id", BigInt, nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("percent", BigInt, nullable=True, comment="of attendance, at least"),
        sa.CheckConstraint(
            "kind IN ('attendance', 'register', 'visit', 'proof')",
            name=op.f("ck_aid_terms_kind_known"),
        ),
        sa.CheckConstraint("percent BETWEEN 1 AND 100", name=op.f("ck_aid_terms_percent_in_range")),
        sa.CheckConstraint(
            "(kind = 'attendance') = (percent IS NOT NULL)",
            name=op.f("ck_aid_terms_percent_of_attendance"),
        ),
        sa.ForeignKeyConstraint(["rules_id"], ["aid_rules.id"], name=op.f("fk_aid_terms_rules_id")),
        sa.PrimaryKeyConstraint("rules_id", "kind", name=op.f("pk_aid_terms")),
        sqlite_strict=True,
    )
    op.create_table(
        "aid_plans",
        sa.Column("id", BigInt, autoincrement=False, nullable=False),
        sa.Column("public_id", sa.Text(), nullable=False),
        sa.Column("rules_id", BigInt, nullable=True),
        sa.Column("asked_by_id", BigInt, nullable=False),
        sa.Column("made_at", UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ["asked_by_id"], ["users.id"], name=op.f("fk_aid_plans_asked_by_id")
        ),
        sa.ForeignKeyConstraint(["rules_id"], ["aid_rules.id"], name=op.f("fk_aid_plans_rules_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_aid_plans")),
        sa.UniqueConstraint("public_id", name=op.f("uq_aid_plans_public_id")),
        sqlite_strict=True,
    )
    op.create_index(op.f("ix_aid_plans_asked_by_id"), "aid_plans", ["asked_by_id", "id"])
    op.create_table(
        "aid_instalments",
        sa.Column("request_id", BigInt, autoincrement=False, nullable=False),
        sa.Column("plan_id", BigInt, nullable=False),
        sa.Column("number", BigInt, nullable=False),
        sa.Column("due_on", Day(), nullable=False),
        sa.CheckConstraint(
            "number BETWEEN 1 AND 12", name=op.f("ck_aid_instalments_number_in_range")
        ),
        sa.ForeignKeyConstraint(
            ["plan_id"], ["aid_plans.id"], name=op.f("fk_aid_instalments_plan_id")
        ),
        sa.ForeignKeyConstraint(
            ["request_id"], ["disbursement_requests.id"], name=op.f("fk_aid_instalments_request_id")
        ),
        sa.PrimaryKeyConstraint("request_id", name=op.f("pk_aid_instalments")),
        sa.UniqueConstraint("plan_id", "number", name=op.f("uq_aid_instalments_number")),
        sqlite_strict=True,
    )
    op.create_index(op.f("ix_aid_instalments_due_on"), "aid_instalments", ["due_on", "request_id"])


def _create_facts() -> None:
    op.create_table(
        "aid_facts",
        sa.Column("id", BigInt, autoincrement=False, nullable=False),
        sa.Column("public_id", sa.Text(), nullable=False),
        sa.Column("request_id", BigInt, nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("percent", BigInt, nullable=True, comment="of attendance"),
        sa.Column("document_id", BigInt, nullable=True),
        sa.Column("recorded_by_id", BigInt, nullable=False),
        sa.Column("recorded_at", UtcDateTime(), nullable=False),
        sa.Column("decided_by_id", BigInt, nullable=True),
        sa.Column("decided_at", UtcDateTime(), nullable=True),
        sa.Column("is_accepted", Flag(), nullable=True),
        sa.CheckConstraint(
            "(decided_by_id IS NULL) = (decided_at IS NULL) AND (decided_at IS NULL) = (is_accepted IS NULL)",
            name=op.f("ck_aid_facts_decided_whole"),
        ),
        sa.CheckConstraint(
            "kind IN ('attendance', 'register', 'visit', 'proof')",
            name=op.f("ck_aid_facts_kind_known"),
        ),
        sa.CheckConstraint("kind <> 'proof'", name=op.f("ck_aid_facts_not_of_proof")),
        sa.CheckConstraint("percent BETWEEN 0 AND 100", name=op.f("ck_aid_facts_percent_in_range")),
        sa.CheckConstraint(
            "(kind = 'attendance') = (percent IS NOT NULL)",
            name=op.f("ck_aid_facts_percent_of_attendance"),
        ),
        sa.CheckConstraint(
            "kind = 'visit' OR document_id IS NOT NULL", name=op.f("ck_aid_facts_shown_by_paper")
        ),
        sa.CheckConstraint("decided_by_id <> recorded_by_id", name=op.f("ck_aid_facts_two_people")),
        sa.ForeignKeyConstraint(
            ["decided_by_id"], ["users.id"], name=op.f("fk_aid_facts_decided_by_id")
        ),
        sa.ForeignKeyConstraint(
            ["document_id"], ["documents.id"], name=op.f("fk_aid_facts_document_id")
        ),
        sa.ForeignKeyConstraint(
            ["recorded_by_id"], ["users.id"], name=op.f("fk_aid_facts_recorded_by_id")
        ),
        sa.ForeignKeyConstraint(
            ["request_id"], ["aid_instalments.request_id"], name=op.f("fk_aid_facts_request_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_aid_facts")),
        sa.UniqueConstraint("public_id", name=op.f("uq_aid_facts_public_id")),
        sqlite_strict=True,
    )
    op.create_index(op.f("ix_aid_facts_request_id"), "aid_facts", ["request_id", "kind"])
    op.create_table(
        "aid_waivers",
        sa.Column("request_id", BigInt, autoincrement=False, nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column(
            "reason_digest", Bytes, nullable=False, comment="of the words, which are a remark"
        ),
        sa.Column("first_by_id", BigInt, nullable=False),
        sa.Column("first_at", UtcDateTime(), nullable=False),
        sa.Column("second_by_id", BigInt, nullable=True),
        sa.Column("second_at", UtcDateTime(), nullable=True),
        sa.CheckConstraint(
            "(second_by_id IS NULL) = (second_at IS NULL)", name=op.f("ck_aid_waivers_agreed_whole")
        ),
        sa.CheckConstraint(
            "kind IN ('attendance', 'register', 'visit', 'proof')",
            name=op.f("ck_aid_waivers_kind_known"),
        ),
        sa.CheckConstraint("length(reason_digest) = 32", name=op.f("ck_aid_waivers_reason_hashed")),
        sa.CheckConstraint("second_by_id <> first_by_id", name=op.f("ck_aid_waivers_two_people")),
        sa.ForeignKeyConstraint(
            ["first_by_id"], ["users.id"], name=op.f("fk_aid_waivers_first_by_id")
        ),
        sa.ForeignKeyConstraint(
            ["request_id"], ["aid_instalments.request_id"], name=op.f("fk_aid_waivers_request_id")
        ),
        sa.ForeignKeyConstraint(
            ["second_by_id"], ["users.id"], name=op.f("fk_aid_waivers_second_by_id")
        ),
        sa.PrimaryKeyConstraint("request_id", "kind", name=op.f("pk_aid_waivers")),
        sqlite_strict=True,
    )

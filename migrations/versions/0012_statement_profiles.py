"""The styles of statement files become rows that officers edit; the two known ones are filled in."""

import sqlalchemy as sa
from alembic import op

from fundapp.db import BigInt

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None

DAY_FORMS = (
    "'DD/MM/YYYY', 'DD/MM/YY', 'DD-MM-YYYY', 'DD-MM-YY', 'DD.MM.YYYY', 'YYYY-MM-DD', "
    "'YYYY/MM/DD', 'MM/DD/YYYY', 'DD MMM YYYY', 'DD MMM YY'"
)

PROFILES = (
    {
        "code": "ktb",
        "title": "Krungthai: หัวตารางภาษาไทย ปี พ.ศ.",
        "day_headings": "วันที่",
        "time_headings": "เวลา",
        "description_headings": "รายการ",
        "withdrawal_headings": "ถอนเงิน",
        "deposit_headings": "ฝากเงิน",
        "amount_headings": "จำนวนเงิน",
        "balance_headings": "ยอดเงินคงเหลือ",
        "detail_headings": "รายละเอียด",
        "channel_headings": "ช่องทาง",
        "opening_words": "ยอดยกมา",
        "closing_words": "ยอดยกไป",
        "account_words": "บัญชีเลขที่ | เลขที่บัญชี",
        "period_words": "ระหว่างวันที่",
        "day_form": "DD/MM/YYYY",
        "era": "be",
        "version": 1,
    },
    {
        "code": "kbank",
        "title": "Kasikornbank: หัวตารางภาษาอังกฤษ ปี ค.ศ. สองหลัก",
        "day_headings": "Date",
        "time_headings": "Time",
        "description_headings": "Descriptions",
        "withdrawal_headings": "Withdrawal",
        "deposit_headings": "Deposit",
        "amount_headings": "Amount",
        "balance_headings": "Outstanding Balance",
        "detail_headings": "Details",
        "channel_headings": "Channel",
        "opening_words": "Beginning Balance",
        "closing_words": "Ending Balance",
        "account_words": "",
        "period_words": "",
        "day_form": "DD-MM-YY",
        "era": "ce",
        "version": 1,
    },
)

COLUMNS = (
    "title", "day_headings", "time_headings", "description_headings", "withdrawal_headings",
    "deposit_headings", "amount_headings", "balance_headings", "detail_headings",
    "channel_headings", "opening_words", "closing_words", "account_words", "period_words",
    "day_form", "era",
)  # fmt: skip

COMMENTS = {
    "amount_headings": "of one column for both directions; money out has a minus",
}


def upgrade() -> None:
    """Make the table and fill it."""
    texts = [
        sa.Column(name, sa.Text(), nullable=False, comment=COMMENTS.get(name)) for name in COLUMNS
    ]
    table = op.create_table(
        "statement_profiles",
        sa.Column("code", sa.Text(), nullable=False, comment="short name, e.g. ktb"),
        *texts,
        sa.Column(
            "version",
            BigInt,
            nullable=False,
            comment="counts the changes, so that none is overwritten unseen",
        ),
        sa.CheckConstraint(
            "amount_headings <> '' OR (withdrawal_headings <> '' AND deposit_headings <> '')",
            name=op.f("ck_statement_profiles_has_amounts"),
        ),
        sa.CheckConstraint(
            "day_headings <> '' AND balance_headings <> ''",
            name=op.f("ck_statement_profiles_has_day_and_balance"),
        ),
        sa.CheckConstraint(
            "code <> '' AND title <> ''", name=op.f("ck_statement_profiles_has_name")
        ),
        sa.CheckConstraint(
            f"day_form IN ({DAY_FORMS})", name=op.f("ck_statement_profiles_day_form_known")
        ),
        sa.CheckConstraint("era IN ('be', 'ce')", name=op.f("ck_statement_profiles_era_known")),
        sa.CheckConstraint("version > 0", name=op.f("ck_statement_profiles_version_counts")),
        sa.PrimaryKeyConstraint("code", name=op.f("pk_statement_profiles")),
        sqlite_strict=True,
    )
    op.bulk_insert(table, [dict(profile) for profile in PROFILES])


def downgrade() -> None:
    """Drop it."""
    op.drop_table("statement_profiles")

"""`flask ledger …`: what each option takes, what it refuses, and what the commands print."""

import csv
import io
import json
from datetime import UTC, datetime

import pytest

from fundapp.db import db
from fundapp.ledger.models import AccountUse, Fund, Period, Restriction
from tests.factories.books import make_fund, make_gift

pytestmark = pytest.mark.sqlite

NAMES = {"--name-th": "ทุน", "--name-en": "Winter fund", "--name-ms": "Dana"}


def create(runner, code="WINTER", restriction="restricted", names=NAMES, *options):
    pairs = [text for pair in names.items() for text in pair]
    command = ["ledger", "create-fund", code, "--restriction", restriction, *pairs, *options]
    return runner.invoke(args=command)


class TestCreateFund:
    """`create-fund CODE`."""

    def test_a_fund_is_opened_with_all_that_is_named(self, runner, session):
        options = (
            "--purpose-th", "ก", "--purpose-en", "School in winter", "--purpose-ms", "c",
            "--position", "7", "--cash-account", "1110", "--income-account", "4110",
        )  # fmt: skip
        result = create(runner, "WINTER", "restricted", NAMES, *options)
        assert (result.exit_code, result.output) == (0, "Fund WINTER is open.\n")
        fund = db.session.get_one(Fund, "WINTER")
        assert fund.restriction is Restriction.RESTRICTED
        assert [fund.name_th, fund.name_en, fund.name_ms] == ["ทุน", "Winter fund", "Dana"]
        assert [fund.purpose_th, fund.purpose_en, fund.purpose_ms] == ["ก", "School in winter", "c"]
        assert (fund.position, fund.income_account_code) == (7, "4110")
        assert fund.account_codes(AccountUse.CASH) == ["1110"]

    def test_purposes_and_position_may_be_left_out(self, runner, session):
        assert create(runner).exit_code == 0
        fund = db.session.get_one(Fund, "WINTER")
        assert [fund.purpose_th, fund.purpose_en, fund.purpose_ms] == ["", "", ""]
        assert fund.position == 0

    @pytest.mark.parametrize("missing", NAMES)
    def test_every_name_is_needed(self, runner, session, missing):
        names = {option: name for option, name in NAMES.items() if option != missing}
        result = create(runner, names=names)
        assert (result.exit_code, f"Missing option '{missing}'" in result.output) == (2, True)
        assert session.query(Fund).count() == 0

    @pytest.mark.parametrize("option", NAMES)
    @pytest.mark.parametrize(("name", "exit_code"), [("x" * 200, 0), ("x" * 201, 2), (" ", 2)])
    def test_a_name_has_1_to_200_characters(self, runner, session, option, name, exit_code):
        result = create(runner, names={**NAMES, option: name})
        assert result.exit_code == exit_code
        assert ("write 1 to 200 characters" in result.output) == (exit_code == 2)

    def test_a_name_is_stored_as_the_books_write_text(self, runner, session):
        create(runner, names={**NAMES, "--name-en": "  Winter\t fund "})
        assert db.session.get_one(Fund, "WINTER").name_en == "Winter fund"

    @pytest.mark.parametrize(
        ("code", "exit_code"),
        [("A", 0), ("A-1", 0), ("A" * 20, 0), ("A" * 21, 2), ("a", 2), ("1A", 2), ("A_B", 2),
         ("", 2)],
    )  # fmt: skip
    def test_a_code_is_of_capital_letters_digits_and_hyphens(
        self, runner, session, code, exit_code
    ):
        result = create(runner, code)
        assert result.exit_code == exit_code
        assert ("capital letters" in result.output) == (exit_code == 2)

    @pytest.mark.parametrize(
        ("position", "exit_code"), [("0", 0), ("1000", 0), ("1001", 2), ("-1", 2), ("x", 2)]
    )
    def test_a_position_is_a_number_up_to_1000(self, runner, session, position, exit_code):
        options = ("--position", position)
        result = create(runner, "WINTER", "restricted", NAMES, *options)
        assert result.exit_code == exit_code

    def test_a_restriction_is_named_and_known(self, runner, session):
        result = create(runner, restriction="none at all")
        assert (result.exit_code, "'--restriction'" in result.output) == (2, True)
        pairs = [text for pair in NAMES.items() for text in pair]
        result = runner.invoke(args=["ledger", "create-fund", "WINTER", *pairs])
        assert (result.exit_code, "'--restriction'" in result.output) == (2, True)
        assert session.query(Fund).count() == 0

    @pytest.mark.parametrize(
        ("option", "code"),
        [("--bank-account", "4110"), ("--cash-account", "9999"), ("--income-account", "1110")],
    )
    def test_a_wrong_account_is_told_at_its_option(self, runner, session, option, code):
        result = create(runner, "WINTER", "restricted", NAMES, option, code)
        assert (result.exit_code, f"Invalid value for {option}" in result.output) == (2, True)

    def test_a_known_fund_stays_as_it_is(self, runner, session):
        create(runner)
        result = create(runner, names={**NAMES, "--name-en": "Another"})
        assert result.exit_code == 1
        assert "There is a fund WINTER already." in result.output
        assert db.session.get_one(Fund, "WINTER").name_en == "Winter fund"


class TestReading:
    """`export`, `trial-balance`, `funds`."""

    @pytest.fixture(autouse=True)
    def books(self, session, clock):
        make_fund("GENERAL")
        make_fund("SCHOOL", position=1)
        make_gift(123_456)
        make_gift(100, fund="SCHOOL")

    @pytest.mark.parametrize("options", [[], ["--format", "pdf"]])
    def test_an_export_needs_a_known_format(self, runner, options):
        result = runner.invoke(args=["ledger", "export", *options])
        assert (result.exit_code, "'--format'" in result.output) == (2, True)

    def test_the_trial_balance_is_of_today_and_in_csv(self, runner):
        result = runner.invoke(args=["ledger", "trial-balance"])
        assert result.output.splitlines() == [
            "code,name,debit_satang,credit_satang",
            '1121,"Bank, main account",123556,0',
            "4110,Donations from individuals,0,123556",
        ]

    def test_of_one_fund_and_in_json(self, runner):
        command = ["ledger", "trial-balance", "--fund", "SCHOOL", "--format", "json"]
        document = json.loads(runner.invoke(args=command).output)
        assert document["as_of"] == "2026-11-24"
        assert [(row["code"], row["debit_satang"]) for row in document["accounts"]] == [
            ("1121", 100), ("4110", 0),
        ]  # fmt: skip

    def test_of_an_earlier_day(self, runner):
        command = ["ledger", "trial-balance", "--as-of", "23/11/2569"]
        assert list(csv.DictReader(io.StringIO(runner.invoke(args=command).output))) == []

    @pytest.mark.parametrize(
        ("option", "value"), [("--fund", "NONE"), ("--as-of", "x"), ("--format", "pdf")]
    )
    def test_a_wrong_value_is_told_at_its_option(self, runner, option, value):
        result = runner.invoke(args=["ledger", "trial-balance", option, value])
        assert (result.exit_code, option in result.output) == (2, True)

    def test_funds_are_listed_with_what_they_have(self, runner):
        lines = runner.invoke(args=["ledger", "funds"]).output.splitlines()
        assert [line.split() for line in lines] == [
            ["GENERAL", "1,234.56", "Fund", "GENERAL"], ["SCHOOL", "1.00", "Fund", "SCHOOL"],
        ]  # fmt: skip


class TestClosePeriod:
    """`close-period DAY`."""

    def test_a_month_that_is_not_over(self, runner, clock):
        result = runner.invoke(args=["ledger", "close-period", "24/11/2569"])
        assert result.exit_code == 1
        assert "This month is not over. It can be closed after 2026-11-30." in result.output

    def test_the_month_of_the_day_is_closed(self, runner, session, clock):
        clock.move_to(datetime(2026, 12, 1, 3, tzinfo=UTC))
        result = runner.invoke(args=["ledger", "close-period", "24/11/2569"])
        assert result.output == "The month from 2026-11-01 to 2026-11-30 is closed.\n"
        closed = session.query(Period).filter_by(status="closed").all()
        assert [str(period.starts_on) for period in closed] == ["2026-11-01"]

    def test_a_month_that_the_books_do_not_have(self, runner, session):
        result = runner.invoke(args=["ledger", "close-period", "1999-11-05"])
        assert result.exit_code == 1
        assert "The books have no such month." in result.output

"""Rules of a fund: rows that two administrators decide, asked at asking and at approval, held to by
the database as far as it sees the columns, and computed again by a check.
"""

from datetime import timedelta

import pytest

from fundapp.children.casework.models import ZakatGroup
from fundapp.children.models import ConsentKind, TargetGroup
from fundapp.children.operations import withdraw_consent
from fundapp.clock import today
from fundapp.db import db, unit_of_work
from fundapp.disbursements.drafts import FundRulesDraft
from fundapp.disbursements.errors import (
    FundAgesError,
    FundRulesDayError,
    NoZakatConsentError,
    NoZakatGroupError,
    OutsideAgesError,
    OutsideDistrictsError,
    OutsideGroupsError,
    OutsideNeedsError,
    OutsideZakatGroupsError,
    PaymentStoppedError,
    ZakatRulesError,
)
from fundapp.disbursements.fund_rules import check_fund_rules
from fundapp.disbursements.models import FundRules, Need, RequestStatus, RuleAspect
from fundapp.errors import ForbiddenError, NotFoundError
from fundapp.ledger.models import Restriction
from fundapp.proposals.operations import make_proposal
from tests.audit.tampering import tamper
from tests.disbursements.test_help_rules import broken, force
from tests.disbursements.test_tables import approval_values, execute, insert, refused
from tests.disbursements.views.pages import url
from tests.factories.casework import make_zakat_group
from tests.factories.children import MUEANG, RAMAN, every_consent, make_child
from tests.factories.disbursements import THOUSAND, decide, make_request, make_team, pay
from tests.factories.help_rules import make_fund_rules
from tests.factories.identity import make_user, sign_in

GROUP, DISTRICT, NEED, ZAKAT = RuleAspect


def ask(team, **overrides):
    return make_request(team, THOUSAND, **overrides)


@pytest.fixture
def zakat(build_once, clock):
    """A team of a zakat fund, whose child has a zakat group."""
    return build_once("zakat", lambda: make_team(fund="ZAKAT", restriction=Restriction.ZAKAT))


@pytest.mark.one_case
@pytest.mark.parametrize(
    ("values", "ages", "error", "field"),
    [
        ([(NEED, Need.FOOD)], (None, None), OutsideNeedsError, "need"),
        ([(DISTRICT, MUEANG)], (None, None), OutsideDistrictsError, "fund"),
        ([(GROUP, TargetGroup.TEEN_MOTHER)], (None, None), OutsideGroupsError, "lines"),
        ([], (None, 6), OutsideAgesError, "lines"),
        ([], (11, None), OutsideAgesError, "lines"),
    ],
)
def test_each_rule_is_asked_at_asking_and_again_at_approval(team, values, ages, error, field):
    early = ask(team)
    make_fund_rules(team.fund, *values, ages=ages)
    with pytest.raises(error) as refusal:
        ask(team)
    assert refusal.value.field == field
    if field == "lines":
        assert "Invented (" + team.child.code in refusal.value.params["children"]
    with pytest.raises(error):
        decide(early, team)
    assert early.status is RequestStatus.SUBMITTED


@pytest.mark.sqlite
def test_what_the_rules_allow_is_asked_and_approved(team):
    make_fund_rules(
        team.fund, (NEED, Need.EDUCATION), (DISTRICT, RAMAN), (GROUP, TargetGroup.AT_RISK),
        ages=(10, 10),
    )  # fmt: skip
    assert decide(ask(team), team).status is RequestStatus.APPROVED
    assert not broken() & {"disbursements.fund-rules", "disbursements.caps", "guards.triggers"}


@pytest.mark.sqlite
def test_an_age_is_that_of_the_day(team, clock):
    make_fund_rules(team.fund, ages=(None, 10))
    request = ask(team)
    clock.shift(timedelta(days=120))
    with pytest.raises(OutsideAgesError) as refusal:
        decide(request, team)
    params = refusal.value.params
    assert (params["first"], params["last"]) == (0, 10)
    assert params["children"].endswith(": 11")


@pytest.mark.parametrize("value", [(NEED, Need.FOOD), (DISTRICT, MUEANG)])
def test_the_database_holds_an_approval_to_what_it_sees(team, value):
    request = ask(team)
    make_fund_rules(team.fund, value)
    insert("approvals", approval_values(request, team.approver))
    with refused("do not allow this district or purpose"):
        force(request)


def test_zakat_is_for_children_whose_group_is_known_and_consented_to(zakat):
    with_group = ask(zakat)
    child = zakat.child
    zakat.child = make_child(zakat.asker, consents=every_consent())
    with pytest.raises(NoZakatGroupError) as refusal:
        ask(zakat)
    assert zakat.child.code in refusal.value.params["children"]
    make_zakat_group(zakat.child, zakat.asker, ZakatGroup.NONE)
    with pytest.raises(NoZakatGroupError):
        ask(zakat)
    make_zakat_group(zakat.child, zakat.asker, ZakatGroup.FAKIR)
    late = ask(zakat)
    make_fund_rules("ZAKAT", (ZAKAT, ZakatGroup.MISKIN))
    with pytest.raises(OutsideZakatGroupsError):
        decide(late, zakat)
    withdraw(child, zakat)
    with pytest.raises(NoZakatConsentError):
        decide(with_group, zakat)
    insert("approvals", approval_values(with_group, zakat.approver))
    with refused("zakat group is on file and consented to"):
        force(with_group)


def withdraw(child, team):
    consent = next(each for each in child.consents if each.kind is ConsentKind.ZAKAT)
    args = (child.public_id, consent.id)
    unit_of_work(withdraw_consent, *args, actor=team.asker.as_actor())


def test_withdrawal_hides_the_group_at_once_and_stops_the_payment(zakat, english):
    approved = decide(ask(zakat), zakat)
    page_of = f"/children/{zakat.child.public_id}"
    sign_in(english, zakat.asker)
    assert "Miskin (poor)" in english.get(page_of).text
    withdraw(zakat.child, zakat)
    page, casework = english.get(page_of).text, english.get(f"{page_of}/casework").text
    assert "no consent to keep the zakat group" in page
    assert "Miskin (poor)" not in page + casework
    refusal = english.post(f"{page_of}/casework/zakat", data={
        "on_day": "20/11/2569", "zakat_zakat": "fakir",
    })  # fmt: skip
    assert (refusal.status_code, "Record the consent" in refusal.text) == (422, True)
    with pytest.raises(PaymentStoppedError):
        pay(approved, zakat)
    with refused("a zakat group is kept with a consent"):
        execute(
            "INSERT INTO case_entries (id, public_id, child_id, kind, on_day, is_sensitive,"
            " words_encrypted, written_by_id, written_at, idempotency_key)"
            " SELECT id + 1, 'again', child_id, kind, on_day, is_sensitive, words_encrypted,"
            " written_by_id, written_at, 'again' FROM case_entries"
        )


@pytest.mark.sqlite
def test_the_page_beside_the_decision_names_whom_the_rules_leave_out(team, english):
    request = ask(team)
    make_fund_rules(team.fund, (GROUP, TargetGroup.TEEN_MOTHER), ages=(None, 6))
    sign_in(english, team.approver)
    page = english.get(url(request)).text
    for said in ("leave these children out", "10 years", "up to 6 years", "Teenage mother"):
        assert said in page


@pytest.mark.sqlite
def test_rules_are_proposed_and_confirmed_by_two_administrators_on_the_page(team, english):
    one, other = make_user("administrator"), make_user("administrator")
    at = f"/disbursements/rules/{team.fund}"
    sign_in(english, one)
    form = {"starts_on": today().isoformat(), "age_to": "6", "need": ["food"], "group": ["at_risk"]}
    wrong = english.post(f"{at}/new", data={**form, "age_from": "9"})
    assert (wrong.status_code, "the lower one first" in wrong.text) == (422, True)
    sent = english.post(f"{at}/new", data=form)
    assert sent.status_code == 303
    assert english.post(f"{sent.location}/confirm").status_code in (403, 422)
    sign_in(english, other)
    assert "up to 6 years" in english.get(sent.location).text
    english.post(f"{sent.location}/confirm")
    for page in (at, f"/settings/funds/{team.fund}", f"{at}/new"):
        text = english.get(page).text
        assert "At risk of dropping out" in text, page
    assert "In force" in english.get(at).text
    sign_in(english, team.asker)
    assert "up to 6 years" in english.get("/disbursements/new").text
    assert english.get(at).status_code == english.get(f"{at}/new").status_code == 403
    with pytest.raises(ForbiddenError):
        unit_of_work(make_proposal, "fund-rules", team.fund, {}, actor=team.asker.as_actor())


@pytest.mark.sqlite
def test_who_reads_the_bands_finds_them(team, english):
    for user in (team.approver, team.auditor, team.payer):
        sign_in(english, user)
        assert 'href="/disbursements/rules"' in english.get("/disbursements").text
        assert (
            f'href="/disbursements/rules/{team.fund}"' in english.get("/disbursements/rules").text
        )
    sign_in(english, team.asker)
    assert 'href="/disbursements/rules"' not in english.get("/disbursements").text


@pytest.mark.sqlite
def test_rules_that_may_not_be(team):
    first = today()
    wrong = [
        ((first - timedelta(days=1), None, None, ()), FundRulesDayError),
        ((first, 9, 8, ()), FundAgesError),
        ((first, None, 26, ()), FundAgesError),
        ((first, None, None, ((ZAKAT, "fakir"),)), ZakatRulesError),
        ((first, None, None, ((DISTRICT, "0000"),)), NotFoundError),
    ]
    for values, error in wrong:
        with pytest.raises(error):
            check_fund_rules(FundRulesDraft(team.fund, *values))


def test_rules_stay_and_rest_on_a_confirmed_proposal(team):
    make_fund_rules(team.fund, (NEED, Need.FOOD))
    rules = db.session.query(FundRules).one()
    for statement in (
        "UPDATE fund_rules SET age_to = 9", "DELETE FROM fund_rule_values",
        "UPDATE fund_rule_values SET value = 'health'",
    ):  # fmt: skip
        with refused("append-only"):
            execute(statement)
    value = {"rules_id": rules.id, "aspect": "need", "value": "health"}
    with refused("so many values"):
        insert("fund_rule_values", value)
    values = {
        "id": 1, "fund_code": team.fund, "starts_on": "2990-01-01", "value_count": 3,
        "proposal_id": 77, "confirmed_by_id": team.approver.id,
        "recorded_at": "2026-11-24T03:00:00Z",
    }  # fmt: skip
    with refused("two people confirm"):
        insert("fund_rules", values)


def test_the_check_computes_ages_and_groups_again(team):
    decide(ask(team), team)
    make_fund_rules(team.fund, ages=(None, 12))
    assert "disbursements.fund-rules" not in broken()
    tamper("fund_rules", "UPDATE fund_rules SET recorded_at = '2026-01-01T00:00:00Z', age_to = 9")
    assert "disbursements.fund-rules" in broken()

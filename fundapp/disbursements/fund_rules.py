"""What the rules of a fund refuse: of rules that are proposed, and of a request."""

from collections.abc import Iterable, Sequence

from fundapp import clock
from fundapp.access.actors import Actor
from fundapp.children.models import Child, Purpose
from fundapp.children.queries import seen_of
from fundapp.children.reader import Reader
from fundapp.disbursements.drafts import FundRulesDraft
from fundapp.disbursements.eligibility import Misfit, Outside, find_misfits
from fundapp.disbursements.errors import (
    FundAgesError,
    FundRulesDayError,
    NoZakatGroupError,
    OutsideAgesError,
    OutsideDistrictsError,
    OutsideGroupsError,
    OutsideNeedsError,
    OutsideZakatGroupsError,
    ZakatRulesError,
)
from fundapp.disbursements.models import LISTS, OLDEST_AGE, FundRules, Need, RuleAspect
from fundapp.disbursements.queries.fund_rules import find_fund_rules, list_fund_rules
from fundapp.errors import NotFoundError, RuleError
from fundapp.ledger.models import Fund, Restriction
from fundapp.ledger.queries import get_fund
from fundapp.places.queries import list_districts

#: Children whom a refusal names.
_NAMED = 10
_ERRORS: dict[Outside, type[RuleError]] = {
    Outside.AGE: OutsideAgesError,
    Outside.GROUP: OutsideGroupsError,
    Outside.NO_ZAKAT_GROUP: NoZakatGroupError,
    Outside.ZAKAT_GROUP: OutsideZakatGroupsError,
}


def require_fund_rules(
    children: Sequence[Child],
    need: Need,
    district_code: str,
    fund: Fund,
    reader: Reader,
    actor: Actor,
) -> None:
    """Refuse a request that the rules of its fund do not allow today: OutsideNeedsError,
    OutsideDistrictsError, OutsideAgesError, OutsideGroupsError, NoZakatGroupError,
    OutsideZakatGroupsError.

    What of the files a rule looks at is read with ``reader``; ``actor`` is told the names of
    children whom it may see, of others the codes.
    """
    today = clock.today()
    rules = find_fund_rules(fund.code, today)
    if rules is not None:
        _require_request_fits(rules, need, district_code)
    misfits = find_misfits(children, fund, rules, today, reader)
    if not misfits:
        return
    reason = misfits[0].reason
    of_reason = [each for each in misfits if each.reason is reason]
    params: dict[str, object] = {"children": _named(of_reason, reader, actor)}
    if rules is not None and reason is Outside.AGE:
        last = OLDEST_AGE if rules.age_to is None else rules.age_to
        params |= {"first": rules.age_from or 0, "last": last}
    raise _ERRORS[reason](field="lines", params=params)


def misfits_of(
    children: Sequence[Child], fund: Fund, purpose: Purpose, actor: Actor
) -> list[Misfit]:
    """The children whom the rules of the fund leave out today, read by ``actor``."""
    today = clock.today()
    rules = find_fund_rules(fund.code, today)
    return find_misfits(children, fund, rules, today, Reader(actor, purpose))


def check_fund_rules(draft: FundRulesDraft) -> None:
    """Raise FundRulesDayError, FundAgesError and ZakatRulesError for rules that may not be;
    NotFoundError for a fund or a value that there is not, which the form does not offer.
    """
    fund = get_fund(draft.fund_code)
    taken = {each.starts_on for each in list_fund_rules(draft.fund_code)}
    if draft.starts_on < clock.today() or draft.starts_on in taken:
        raise FundRulesDayError(field="starts_on")
    ages = [age for age in (draft.age_from, draft.age_to) if age is not None]
    if ages != sorted(ages) or any(not 1 <= age <= OLDEST_AGE for age in ages):
        raise FundAgesError(field="age_to")
    aspects = {aspect for aspect, _value in draft.values}
    if RuleAspect.ZAKAT in aspects and fund.restriction is not Restriction.ZAKAT:
        raise ZakatRulesError(field="zakat")
    for aspect, value in draft.values:
        if value not in allowed_values(aspect):
            raise NotFoundError


def allowed_values(aspect: RuleAspect) -> Iterable[str]:
    """What rules can name of an aspect."""
    if aspect is RuleAspect.DISTRICT:
        return {district.code for district in list_districts()}
    return set(map(str, LISTS[aspect])) - ({"none"} if aspect is RuleAspect.ZAKAT else set())


def _require_request_fits(rules: FundRules, need: Need, district_code: str) -> None:
    if not rules.fits(RuleAspect.NEED, need):
        raise OutsideNeedsError(field="need")
    if not rules.fits(RuleAspect.DISTRICT, district_code):
        raise OutsideDistrictsError(field="fund")


def _named(misfits: Sequence[Misfit], reader: Reader, actor: Actor) -> str:
    """The children as the actor may see them; of very many the first."""
    texts, seen = [], seen_of(actor, (misfit.child for misfit in misfits[:_NAMED]))
    for misfit in misfits[:_NAMED]:
        child, text = misfit.child, misfit.child.code
        if child.id in seen:
            name = reader.name(child).display_name
            text = f"{name} ({child.code})" if name != child.code else text
        texts.append(text if misfit.age is None else f"{text}: {misfit.age}")
    return ", ".join(texts) + (", …" if len(misfits) > _NAMED else "")

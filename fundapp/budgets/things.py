"""What the trail calls budgets, rules of transfers, and transfers between funds."""

from collections.abc import Collection, Mapping, Sequence

from flask_babel import gettext as _

from fundapp.access.actors import Actor
from fundapp.ledger.kinds import account_labels
from fundapp.ledger.queries import list_funds
from fundapp.markers import N_
from fundapp.trail.models import AuditEvent
from fundapp.trail.registry import Change, Thing, ThingKind
from fundapp.web.locale import localized


class BudgetThing(ThingKind):
    """The budget of a fund in a fiscal year."""

    name = "budget"
    label = N_("Budget of a fund")

    def find(self, refs: Collection[str], viewer: Actor) -> Mapping[str, Thing]:
        """The fund and the year."""
        names = _fund_names()
        things = {}
        for ref in refs:
            code, _colon, year = ref.partition(":")
            fund = names.get(code, code)
            things[ref] = Thing(_("%(fund)s, fiscal year %(year)s", fund=fund, year=year))
        return things

    def changes(self, events: Sequence[AuditEvent]) -> Mapping[int, list[Change]]:
        """The amounts by the names of their accounts."""
        names = account_labels()
        return {
            event.id: [
                (names.get(code, code), before, after)
                for code, (before, after) in event.changes.items()
            ]
            for event in events
        }


class TransferRuleThing(ThingKind):
    """Whether a fund gives and takes."""

    name = "transfer_rule"
    label = N_("Rule of transfers of a fund")
    fields = {
        "gives": N_("Gives money to other funds"),
        "takes": N_("Takes money of other funds"),
    }

    def find(self, refs: Collection[str], viewer: Actor) -> Mapping[str, Thing]:
        """The name of the fund."""
        names = _fund_names()
        return {ref: Thing(names.get(ref, ref)) for ref in refs}

    def value(self, name: str, text: str) -> str:
        """Yes and no in words."""
        if not text:
            return text
        return _("yes") if text == str(True) else _("no")


class FundTransferThing(ThingKind):
    """Money moved from one fund to another."""

    name = "fund_transfer"
    label = N_("Transfer between funds")

    def find(self, refs: Collection[str], viewer: Actor) -> Mapping[str, Thing]:
        """From this fund to that."""
        names = _fund_names()
        things = {}
        for ref in refs:
            giver, _sign, taker = ref.partition(">")
            things[ref] = Thing(
                _(
                    "%(giver)s to %(taker)s",
                    giver=names.get(giver, giver),
                    taker=names.get(taker, taker),
                )
            )
        return things


THINGS = (BudgetThing(), TransferRuleThing(), FundTransferThing())


def _fund_names() -> dict[str, str]:
    return {fund.code: localized(fund) for fund in list_funds()}

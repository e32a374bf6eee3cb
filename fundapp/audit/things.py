"""What the trail calls pages of the books that somebody read."""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from datetime import date

from flask_babel import gettext as _

from fundapp.access.actors import Actor
from fundapp.access.current import current_actor
from fundapp.audit.exceptions.things import ExceptionThing
from fundapp.audit.findings.things import FindingThing
from fundapp.audit.labels import EVENTS, VIEWS
from fundapp.audit.letters.things import LetterThing
from fundapp.audit.packs.things import PackThing
from fundapp.audit.samples.things import SampleThing
from fundapp.identity.actor_names import PROCESSES
from fundapp.identity.queries import names_of
from fundapp.ledger.models import EntryKind
from fundapp.markers import N_
from fundapp.places.queries import list_districts
from fundapp.trail.models import AuditEvent
from fundapp.trail.registry import Thing, ThingKind, find_kind, labels
from fundapp.web.filters import day_short, label
from fundapp.web.locale import localized

_FILTERS = {
    "person": N_("Person"),
    "subject": N_("Thing"),
    "action": N_("What was done"),
    "from_on": N_("From"),
    "to_on": N_("To"),
    "as_of": N_("As of the day"),
    "fund": N_("Fund"),
    "kind": N_("Kind"),
    "order": N_("Order"),
    "format": N_("As a file"),
    "year": N_("Fiscal year"),
    "accounts": N_("Accounts"),
    "sum": N_("Added up"),
    "number": N_("Its number"),
    "limit": N_("Limit (baht)"),
    "part": N_("District or campaign"),
}
_DAYS = frozenset({"from_on", "to_on", "as_of"})


class AuditViewThing(ThingKind):
    """A page: the journal, an account, an entry."""

    name = "audit_view"
    label = N_("Page of the books")

    def find(self, refs: Collection[str], viewer: Actor) -> Mapping[str, Thing]:
        """Its title; of an entry or an account the number."""
        return {ref: Thing(_(VIEWS[ref]) if ref in VIEWS else ref) for ref in refs}

    def notes(self, events: Sequence[AuditEvent]) -> Mapping[int, str]:
        """With which filters; people, things and days as people write them."""
        chosen = {event.id: _pairs(event.note) for event in events if event.note}
        words = _words(list(chosen.values()))
        return {
            event_id: "; ".join(
                f"{_(_FILTERS[name])}: {_value(name, value, words.get(name, {}))}"
                for name, value in pairs.items()
                if name in _FILTERS
            )
            for event_id, pairs in chosen.items()
        }


THINGS = (
    AuditViewThing(),
    SampleThing(),
    FindingThing(),
    ExceptionThing(),
    PackThing(),
    LetterThing(),
)


def _pairs(note: str) -> dict[str, str]:
    """The filters in a note: what was understood of an address, without spaces."""
    return dict(pair.split("=", 1) for pair in note.split(" ") if "=" in pair)


def _words(chosen: Sequence[Mapping[str, str]]) -> dict[str, Mapping[str, str]]:
    """What the values of each filter are called; people are read once, and each kind of things."""
    people = names_of(ref for pairs in chosen for ref in pairs.get("person", "").split(","))
    refs: dict[str, set[str]] = defaultdict(set)
    for pairs in chosen:
        if "fund" in pairs:
            refs["fund"].add(pairs["fund"])
        if "number" in pairs:
            for kind_name in pairs.get("subject", "").split(","):
                refs[kind_name].update(pairs["number"].split(","))
    found: dict[str, str] = {}
    for kind_name, wanted in refs.items():
        kind = find_kind(kind_name)
        things = kind.find(wanted, current_actor()) if kind else {}
        found |= {ref: thing.name for ref, thing in things.items()}
    return {
        "person": people | {name: str(text) for name, text in PROCESSES.items()},
        "subject": labels(),
        "action": EVENTS,
        "number": found,
        "fund": found,
        "part": _districts() if any("part" in pairs for pairs in chosen) else {},
        "kind": {kind: label(kind) for kind in EntryKind},
        "order": {"newest": _("Newest first"), "oldest": _("Oldest first")},
        "format": {"csv": _("CSV"), "xlsx": _("Spreadsheet"), "pdf": "PDF"},
        "sum": {
            "debit": _("Debits less credits"),
            "credit": _("Credits less debits"),
            "debits": _("Debits alone"),
            "credits": _("Credits alone"),
        },
    }


def _districts() -> dict[str, str]:
    return {district.code: localized(district) for district in list_districts()}


def _value(name: str, value: str, words: Mapping[str, str]) -> str:
    if name in _DAYS:
        return day_short(date.fromisoformat(value))
    return ", ".join(str(words.get(part, part)) for part in value.split(","))

"""Checks of who may do what: roles that exclude each other, and roles that nobody gave."""

import json
import re
from collections import defaultdict
from collections.abc import Iterator
from datetime import date
from typing import Any

from fundapp import clock
from fundapp.access.combinations import Allowance, find_conflicts
from fundapp.access.permissions import Process, Role
from fundapp.audit.checks.base import Check, Violation, rows, violations
from fundapp.markers import N_

_GIVEN = ("identity:user:create", "identity:user:change-roles")


def roles_together() -> Iterator[Violation]:
    """Nobody holds two roles that one person may not hold; an exception that ran out is another
    check's.
    """
    forever = {
        ref: [Allowance(each.role, each.beside, date.max) for each in allowances]
        for ref, allowances in _allowances().items()
    }
    for ref, roles in _held().items():
        for one, other in find_conflicts(roles, forever.get(ref, ()), clock.today()):
            yield Violation(ref, f"is {one} and {other}")


def exceptions_agreed() -> Iterator[Violation]:
    """An exception is what two others agreed on."""
    agreed = """
        SELECT u.public_id, p.after_json, e.role, e.beside, e.reason, e.ends_on,
            p.status = 'confirmed' AND p.kind = 'role-exception' AND p.subject = u.public_id
            AND p.proposed_by_id = e.proposed_by_id AND p.decided_by_id = e.confirmed_by_id
            AND e.proposed_by_id <> e.confirmed_by_id
            AND u.id NOT IN (e.proposed_by_id, e.confirmed_by_id)
        FROM role_exceptions e JOIN users u ON u.id = e.user_id
        LEFT JOIN proposals p ON p.id = e.proposal_id
    """
    for ref, after, role, beside, reason, ends_on, is_agreed in rows(agreed):
        written = {"role": role, "beside": beside, "reason": reason, "ends_on": str(ends_on)}
        if not is_agreed or json.loads(after) != written:
            yield Violation(ref, "has an exception that no two others agreed on")


def roles_alone() -> Iterator[Violation]:
    """Roles that exclude each other are held only by an exception that two others agreed on."""
    yield from roles_together()
    yield from exceptions_agreed()


def exceptions_over() -> Iterator[Violation]:
    """When an exception has run out, its role is taken away."""
    today, known = clock.today(), _allowances()
    for ref, roles in _held().items():
        over = [each for each in known.get(ref, ()) if each.ends_on < today]
        for pair in find_conflicts(roles, known.get(ref, ()), today):
            if any(each.pair == frozenset(pair) for each in over):
                yield Violation(ref, f"is {pair[0]} and {pair[1]}; the exception is over")


def roles_given() -> Iterator[Violation]:
    """A confirmed proposal or a command gave each role that somebody holds; donors who sign in by
    a link take theirs.
    """
    given = """
        SELECT u.public_id, r.role, r.proposal_id, p.after_json,
            p.status = 'confirmed' AND p.kind = 'roles' AND p.subject = u.public_id
            AND p.proposed_by_id <> p.decided_by_id,
            e.note, e.subject_ref = u.public_id AND e.action IN (:a, :b)
            AND (e.actor = :command OR r.role = 'donor' AND e.actor = :visitor)
        FROM user_roles r JOIN users u ON u.id = r.user_id
        LEFT JOIN proposals p ON p.id = r.proposal_id
        LEFT JOIN audit_events e ON e.id = r.event_id
    """
    names = {"command": Process.COMMAND_LINE.value, "visitor": Process.VISITOR.value}
    names |= {"a": _GIVEN[0], "b": _GIVEN[1]}
    for ref, role, proposal_id, after, is_agreed, note, is_commanded in rows(given, **names):
        by_two = is_agreed and role in json.loads(after)
        by_command = proposal_id is None and is_commanded and role in _words(note)
        if not by_two and not by_command:
            yield Violation(ref, f"is {role}, which nobody gave")
    yield from _other_than_the_trail()


def _other_than_the_trail() -> Iterator[Violation]:
    """What somebody holds is what the newest event of the trail says."""
    said = rows(
        """
        SELECT u.public_id, e.note FROM users u JOIN audit_events e ON e.id = (
            SELECT max(id) FROM audit_events WHERE subject_type = 'user'
            AND subject_ref = u.public_id AND action IN (:a, :b)
        )
        """,
        a=_GIVEN[0],
        b=_GIVEN[1],
    )
    notes: dict[str, str] = dict(said)
    held: defaultdict[str, set[str]] = defaultdict(set)
    for ref, roles in _held().items():
        held[ref] |= set(map(str, roles))
    for ref, code in rows(
        "SELECT u.public_id, d.district_code FROM user_districts d JOIN users u ON u.id = d.user_id"
    ):
        held[ref].add(code)
    for ref in sorted(notes.keys() | held.keys()):
        if held[ref] != _words(notes.get(ref, "")):
            yield Violation(ref, "holds other roles or districts than the trail says")


def roles_at_the_time() -> Iterator[Violation]:
    """Whoever asked, decided or paid held the role for it at that moment, as the trail says."""
    history: defaultdict[str, list[tuple[Any, set[str]]]] = defaultdict(list)
    for ref, at, note in rows(
        "SELECT subject_ref, at, note FROM audit_events"
        " WHERE subject_type = 'user' AND action IN (:a, :b) ORDER BY id",
        a=_GIVEN[0],
        b=_GIVEN[1],
    ):
        history[ref].append((at, _words(note)))
    for statement, role, verb in _ACTS:
        for number, ref, at in rows(statement):
            held: set[str] = next(
                (words for given, words in reversed(history[ref]) if given <= at), set()
            )
            if role not in held:
                yield Violation(number, f"was {verb} by somebody who was no {role} then")


_ACTS = (
    (
        "SELECT r.number, u.public_id, r.requested_at FROM disbursement_requests r"
        " JOIN users u ON u.id = r.requested_by_id",
        Role.CASE_MANAGER,
        "asked for",
    ),
    (
        "SELECT r.number, u.public_id, a.decided_at FROM approvals a"
        " JOIN disbursement_requests r ON r.id = a.request_id JOIN users u ON u.id = a.approver_id",
        Role.APPROVER,
        "decided on",
    ),
    (
        "SELECT o.voucher, u.public_id, o.recorded_at FROM payouts o"
        " JOIN users u ON u.id = o.payer_id",
        Role.FUND_OFFICER,
        "paid",
    ),
)


def proposals_agreed() -> Iterator[Violation]:
    """What is confirmed was proposed by one person and confirmed by another."""
    yield from violations(
        """
        SELECT public_id FROM proposals WHERE status = 'confirmed' AND (
            proposed_by_id IS NULL OR decided_by_id IS NULL OR proposed_by_id = decided_by_id
            OR NOT EXISTS (
                SELECT 1 FROM audit_events e JOIN users u ON u.public_id = e.actor
                WHERE e.subject_ref = proposals.public_id AND u.id = proposals.decided_by_id
                AND e.action = 'proposals:proposal:confirm'
            )
        )
        """,
        "is confirmed, and not by a second person",
    )


def _held() -> dict[str, set[Role]]:
    held: defaultdict[str, set[Role]] = defaultdict(set)
    for ref, role in rows(
        "SELECT u.public_id, r.role FROM user_roles r JOIN users u ON u.id = r.user_id"
    ):
        held[ref].add(Role(role))
    return held


def _allowances() -> dict[str, list[Allowance]]:
    """The exceptions of each person, with the last day on which each counts."""
    found: defaultdict[str, list[Allowance]] = defaultdict(list)
    for ref, role, beside, ends_on, ended_on in rows(
        "SELECT u.public_id, e.role, e.beside, e.ends_on, e.ended_on"
        " FROM role_exceptions e JOIN users u ON u.id = e.user_id"
    ):
        last = _day(ends_on)
        if ended_on is not None:
            last = min(last, date.fromordinal(_day(ended_on).toordinal() - 1))
        found[ref].append(Allowance(Role(role), Role(beside), last))
    return found


def _day(value: date | str) -> date:
    """A day as either database gives it to a statement without types."""
    return date.fromisoformat(value) if isinstance(value, str) else value


def _words(note: str) -> set[str]:
    """The roles and districts that an event names, whichever of them belongs to which."""
    return set(re.split(r"[, ]+", note)) - {""}


CHECKS = (
    Check(
        "identity.roles",
        N_("Nobody holds roles that exclude each other."),
        roles_alone,
    ),
    Check(
        "identity.exceptions",
        N_("No role is held after its exception has run out."),
        exceptions_over,
        is_warning=True,
    ),
    Check(
        "identity.granted",
        N_("A confirmed proposal or a command gave every role."),
        roles_given,
    ),
    Check(
        "disbursements.roles",
        N_("Whoever asked, decided or paid held the role for it at that moment."),
        roles_at_the_time,
    ),
    Check(
        "proposals.two-people",
        N_("Every confirmed proposal has two people."),
        proposals_agreed,
    ),
)

"""Registers what of agencies two people decide, and lets pages below tell of referrals."""

from collections.abc import Collection, Mapping, Sequence

from flask import Flask

from fundapp import clock
from fundapp.access.current import current_actor
from fundapp.agencies.erasures import REFERRAL_WORDS
from fundapp.agencies.kinds import KINDS
from fundapp.agencies.models import Referral
from fundapp.agencies.queries import (
    follows_referrals,
    list_received_help,
    list_referrals_of,
    refers_child,
)
from fundapp.children.child_words import WORDS
from fundapp.children.models import Child
from fundapp.proposals.registry import register


def init_app(app: Flask) -> None:
    """Register the kinds, what templates of packages below this one include, and the words that are
    erased with a child's.
    """
    register(*KINDS)
    app.extensions.setdefault(WORDS, []).append(REFERRAL_WORDS)
    app.jinja_env.globals.update(
        agency_help=_agency_help, child_referrals=_child_referrals, may_refer_child=_may_refer
    )


def _agency_help(child_ids: Collection[str]) -> Mapping[str, list[Referral]]:
    return list_received_help(child_ids, clock.today())


def _child_referrals(child: Child) -> Sequence[Referral] | None:
    """The referrals of the child; None for who may not see them."""
    return list_referrals_of(child) if follows_referrals(current_actor(), child) else None


def _may_refer(child: Child) -> bool:
    return refers_child(current_actor(), child)

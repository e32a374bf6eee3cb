"""Registers what of the books two people change, the commands of the sealed log, and what `/readyz`
says of it.
"""

import importlib
from collections.abc import Mapping

from flask import Flask

from fundapp.ledger.kinds import KINDS
from fundapp.ledger.log.halting import find_halt
from fundapp.proposals.registry import register
from fundapp.web.views import halt_readiness


def init_app(app: Flask) -> None:
    """Register the kinds and the halt; the commands of the log register themselves with ``flask
    ledger``.
    """
    register(*KINDS)
    halt_readiness(app, _halt)
    importlib.import_module("fundapp.ledger.log.cli")


def _halt() -> Mapping[str, str]:
    fault = find_halt()
    return {"books": fault} if fault else {}

"""Runs of the checks, as the worker carries them out."""

import threading

from fundapp.audit.batches import carry_out_order
from fundapp.audit.operations import order_checks
from fundapp.db import unit_of_work
from tests.factories.actors import WORKER


def run_checks_by_worker(*, is_full=True):
    """The results of a run that was asked for now, stored."""
    unit_of_work(order_checks, is_full=is_full, actor=WORKER)
    return carry_out_order(actor=WORKER, stop=threading.Event())

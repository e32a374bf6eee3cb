"""The rounds of the worker: work that no page waits for."""

import threading
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

from flask import current_app

from fundapp import clock
from fundapp.access.actors import WORKER
from fundapp.audit.batches import carry_out_order
from fundapp.audit.checks import CheckState
from fundapp.audit.operations import order_tonight
from fundapp.db import unit_of_work
from fundapp.documents.batches import check_due_documents
from fundapp.giving.batches import charge_due, handle_waiting, reconcile, send_refunds
from fundapp.giving.gateways.values import GATEWAY
from fundapp.giving.operations import extend_schedule
from fundapp.giving.queries import list_open_ended_tokens
from fundapp.giving.reminders.batches import send_reminders
from fundapp.ledger.log.batches import seal_journal
from fundapp.ledger.operations import fold_balances
from fundapp.mail.batches import Delivered, deliver_due
from fundapp.mail.mailers import mailer_of
from fundapp.transparency.operations import publish_months

#: How often a process looks for pledges whose schedule has to be extended, for months whose
#: figures have to be published, and for donors to remind.
EXTEND_EVERY = timedelta(hours=1)
#: The hours in Thailand in which donors are reminded.
REMINDED_AT_HOURS = range(9, 19)
#: How often the card processor is asked for what never arrived, and of how long ago.
RECONCILE_EVERY, RECONCILED_DAYS = timedelta(hours=1), timedelta(days=3)
#: The hours in Thailand in which the checks of the night are run, once.
CHECKED_AT_HOURS = range(2, 5)
#: How many rounds at most leave mail out after the mail server failed: with five seconds between
#: rounds, it is tried again after 10, 20, 40 … 300 seconds.
MOST_ROUNDS_WITHOUT_MAIL = 59


@dataclass(frozen=True, slots=True)
class RoundResult:
    """What one round did."""

    mail: Delivered


@dataclass(slots=True)
class Rounds:
    """The rounds of one process, until ``stop`` is set.

    ``extended_at`` is when it last extended schedules, ``reconciled_at`` when it last asked the
    card processor for what never arrived, ``checked_on`` the day of its last night of
    checks. The pauses of mail are counted in rounds, so that no jump of the clock makes them
    longer.
    """

    stop: threading.Event = field(default_factory=threading.Event)
    extended_at: datetime | None = None
    checked_on: date | None = None
    reconciled_at: datetime | None = None
    mail_pause: int = 0
    rounds_without_mail: int = 0

    def work_once(self) -> RoundResult:
        """Fold waiting balances into their rows and seal what was posted; if it is time, extend
        schedules, publish figures and, by day, remind donors; book what the card processor tells,
        send messages, open the stored files that are due, and run the checks where somebody or the
        night asks for it.
        """
        unit_of_work(fold_balances, actor=WORKER)
        seal_journal(self.stop, actor=WORKER)
        now = clock.now()
        hour = now.astimezone(clock.BANGKOK).hour
        # `abs`: a clock that was ahead may have been set back.
        if self.extended_at is None or abs(now - self.extended_at) >= EXTEND_EVERY:
            extend_schedules(self.stop)
            publish_figures()
            if hour in REMINDED_AT_HOURS:
                send_reminders(actor=WORKER, stop=self.stop)
            self.extended_at = now
        self._book_card_payments(now)
        mail = self._send_messages()
        check_due_documents(actor=WORKER, stop=self.stop)
        if hour in CHECKED_AT_HOURS and self.checked_on != clock.today():
            self.checked_on = clock.today()
            unit_of_work(order_tonight, actor=WORKER)
        check_books(self.stop)
        return RoundResult(mail=mail)

    def _book_card_payments(self, now: datetime) -> None:
        """Book what notices tell that wait; every hour ask for what never arrived; charge what is
        due to saved cards; send refunds. A failure is logged.
        """
        gateway = current_app.extensions.get(GATEWAY)
        if gateway is None:
            return
        try:
            if self.reconciled_at is None or abs(now - self.reconciled_at) >= RECONCILE_EVERY:
                self.reconciled_at = now
                reconcile(gateway, now - RECONCILED_DAYS)
            else:
                handle_waiting(gateway)
            charge_due(gateway)
            send_refunds(gateway)
        except Exception:
            current_app.logger.exception("the card processor could not be asked")

    def _send_messages(self) -> Delivered:
        """Send what is due; after a failure of the mail server, longer and longer pauses."""
        if self.rounds_without_mail > 0:
            self.rounds_without_mail -= 1
            return Delivered()
        mailer = mailer_of(current_app.config)
        delivered = deliver_due(mailer, actor=WORKER, stop=self.stop)
        if not delivered.server_error:
            self.mail_pause = 0
        elif not self.stop.is_set():
            self.mail_pause = min(2 * self.mail_pause + 1, MOST_ROUNDS_WITHOUT_MAIL)
            self.rounds_without_mail = self.mail_pause
            current_app.logger.warning("the mail server failed: %s", delivered.server_error)
        return delivered

    def work_until_stopped(self, *, pause_seconds: float) -> None:
        """Work round after round; a round that fails is logged."""
        while not self.stop.is_set():
            try:
                self.work_once()
            except Exception:
                # The database may be unavailable for a moment; the worker goes on afterwards.
                current_app.logger.exception("a round of the worker failed")
            self.stop.wait(pause_seconds)


def extend_schedules(stop: threading.Event) -> None:
    """Give open-ended pledges their next instalments, until ``stop`` is set; a pledge that fails
    is logged.
    """
    # Read in a unit of work too: otherwise the transaction would stay open between the rounds.
    for token in unit_of_work(list_open_ended_tokens, clock.today()):
        if stop.is_set():
            break
        try:
            unit_of_work(extend_schedule, token, actor=WORKER)
        except Exception:
            current_app.logger.exception("the schedule of a pledge could not be extended")


def publish_figures() -> None:
    """Publish the months that are over; a failure is logged."""
    try:
        for month in unit_of_work(publish_months, actor=WORKER):
            current_app.logger.info("published the figures of %s", f"{month:%Y-%m}")
    except Exception:
        current_app.logger.exception("the figures could not be published")


def check_books(stop: threading.Event) -> None:
    """Carry out the oldest order for a run of the checks; what is red is an error in the log, what
    is yellow a warning.
    """
    try:
        results = carry_out_order(actor=WORKER, stop=stop)
    except Exception:
        current_app.logger.exception("the checks could not be run")
        return
    if results is None:
        return
    broken = [result for result in results if not result.is_green]
    for result in broken:
        is_red = result.state is CheckState.RED
        say = current_app.logger.error if is_red else current_app.logger.warning
        first = result.violations[0]
        what = (result.check.name, first.ref, first.sentence, len(result.violations))
        say("audit check %s: %s %s (of %s)", *what)
    current_app.logger.info("the checks were run: %s not green", len(broken))

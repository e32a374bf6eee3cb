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
from fundapp.audit.packs.batches import make_waiting_pack
from fundapp.callbacks.operations import draw_callbacks, remind_of_proofs
from fundapp.children.imports.operations import forget_expired_lists
from fundapp.children.operations import index_names
from fundapp.council.operations import count_council
from fundapp.db import unit_of_work
from fundapp.disbursements.help_sums.operations import fold_help
from fundapp.disbursements.operations import write_payee_digests
from fundapp.documents.batches import check_due_documents
from fundapp.giving.batches import charge_due, handle_waiting, reconcile, send_refunds
from fundapp.giving.campaigns.sums.operations import fold_campaigns
from fundapp.giving.channels.batches import handle_waiting_events
from fundapp.giving.gateways.values import GATEWAY
from fundapp.giving.imports.operations import forget_expired
from fundapp.giving.operations import extend_schedule, write_sounds
from fundapp.giving.queries import list_open_ended_tokens
from fundapp.giving.receipts.batches import send_year_messages
from fundapp.giving.reminders.batches import send_reminders
from fundapp.ledger.folding.batches import fold_waiting
from fundapp.ledger.folding.operations import fold_days
from fundapp.ledger.log.batches import ask_witnesses, seal_journal
from fundapp.ledger.operations import fold_balances
from fundapp.mail.batches import Delivered, deliver_due, fetch_bounces
from fundapp.mail.imap_mailbox import ImapMailbox, MailboxError
from fundapp.mail.line import line_mailer_of
from fundapp.mail.mailers import mailer_of
from fundapp.mail.models import Channel
from fundapp.payouts.batches import record_results
from fundapp.thai.calendar import be_year
from fundapp.transparency.batches import mail_checkpoints
from fundapp.transparency.operations import publish_callbacks, publish_months

#: How often a process looks for pledges whose schedule has to be extended, for months whose
#: figures have to be published, and for donors to remind.
EXTEND_EVERY = timedelta(hours=1)
#: The hours in Thailand in which donors are reminded.
REMINDED_AT_HOURS = range(9, 19)
#: Month and day from which donors are written to about the year before, when the bank's lines of
#: its last days are matched, and until when.
TOLD_FROM, TOLD_UNTIL = (1, 10), (3, 31)
#: How often the card processor is asked for what never arrived, and of how long ago.
RECONCILE_EVERY, RECONCILED_DAYS = timedelta(hours=1), timedelta(days=3)
#: How often witnesses are asked to cosign the newest checkpoint, where they have not.
WITNESSES_EVERY = timedelta(minutes=10)
#: How often the mailbox of reports is read, where one is set.
FETCH_EVERY = timedelta(minutes=10)
#: The hours in Thailand in which the checks of the night are run, once.
CHECKED_AT_HOURS = range(2, 5)
#: How many rounds at most leave mail out after the mail server failed: with five seconds between
#: rounds, it is tried again after 10, 20, 40 … 300 seconds. The same for LINE.
MOST_ROUNDS_WITHOUT_MAIL = 59
#: How many results of banks one round records.
_PAYOUTS_AT_ONCE = 200
_SERVERS = {Channel.EMAIL: "the mail server", Channel.LINE: "LINE"}


@dataclass(slots=True)
class Pause:
    """How many rounds leave one way of messages out, after its server failed: twice as many each
    time. They are counted in rounds, so that no jump of the clock makes them longer.
    """

    length: int = 0
    rounds_left: int = 0

    def lasts(self) -> bool:
        """Whether this round leaves it out, which is counted."""
        if self.rounds_left == 0:
            return False
        self.rounds_left -= 1
        return True

    def lengthen(self) -> None:
        """After a failure."""
        self.length = min(2 * self.length + 1, MOST_ROUNDS_WITHOUT_MAIL)
        self.rounds_left = self.length


@dataclass(frozen=True, slots=True)
class RoundResult:
    """What one round did."""

    mail: Delivered
    line: Delivered = field(default_factory=Delivered)


@dataclass(slots=True)
class Rounds:
    """The rounds of one process, until ``stop`` is set.

    ``extended_at`` is when it last extended schedules, ``reconciled_at`` when it last asked the
    card processor for what never arrived, ``fetched_at`` when it last read the mailbox of
    reports, ``checked_on`` the day of its last night of checks.
    """

    stop: threading.Event = field(default_factory=threading.Event)
    extended_at: datetime | None = None
    checked_on: date | None = None
    reconciled_at: datetime | None = None
    witnesses_asked_at: datetime | None = None
    fetched_at: datetime | None = None
    pauses: dict[Channel, Pause] = field(
        default_factory=lambda: {channel: Pause() for channel in Channel}
    )

    def work_once(self) -> RoundResult:
        """Fold waiting balances into their rows, seal what was posted and fold it into the sums of
        days, districts and campaigns; if it is time, extend schedules, publish figures and, by day,
        remind donors; book what the card processor and the results of banks tell, send messages,
        read what came back, open the stored files that are due, run the checks where somebody or
        the night asks for it, and make the audit pack that somebody asked for.
        """
        unit_of_work(fold_balances, actor=WORKER)
        seal_journal(self.stop, actor=WORKER)
        for fold in (fold_days, fold_help, fold_campaigns):
            fold_waiting(self.stop, fold, actor=WORKER)
        now = clock.now()
        self._ask_witnesses(now)
        mail_log()
        hour = now.astimezone(clock.BANGKOK).hour
        # `abs`: a clock that was ahead may have been set back.
        if self.extended_at is None or abs(now - self.extended_at) >= EXTEND_EVERY:
            extend_schedules(self.stop)
            publish_figures()
            count_for_council()
            draw_for_callbacks()
            tidy_donors()
            note_payees()
            if hour in REMINDED_AT_HOURS:
                send_reminders(actor=WORKER, stop=self.stop)
                chase_proofs()
                tell_of_year(self.stop)
            self.extended_at = now
        self._book_card_payments(now)
        record_results(limit=_PAYOUTS_AT_ONCE, stop=self.stop)
        if current_app.config["LINE_CHANNEL_SECRET"]:
            handle_waiting_events()
        mail = self._send_messages(Channel.EMAIL)
        line = self._send_messages(Channel.LINE)
        self._fetch_bounces(now)
        check_due_documents(actor=WORKER, stop=self.stop)
        if hour in CHECKED_AT_HOURS and self.checked_on != clock.today():
            self.checked_on = clock.today()
            unit_of_work(order_tonight, actor=WORKER)
        check_books(self.stop)
        make_packs(self.stop)
        return RoundResult(mail=mail, line=line)

    def _ask_witnesses(self, now: datetime) -> None:
        """Every ten minutes let witnesses cosign what was signed; a failure is logged."""
        last = self.witnesses_asked_at
        if last is not None and abs(now - last) < WITNESSES_EVERY:
            return
        self.witnesses_asked_at = now
        try:
            ask_witnesses(actor=WORKER, stop=self.stop)
        except Exception:
            current_app.logger.exception("the witnesses could not be asked")

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

    def _fetch_bounces(self, now: datetime) -> None:
        """Read what came back, where a mailbox is set; a failure is logged, and tried again."""
        url = current_app.config["BOUNCES_URL"]
        if not url or (self.fetched_at and abs(now - self.fetched_at) < FETCH_EVERY):
            return
        self.fetched_at = now
        try:
            fetch_bounces(ImapMailbox.from_url(url), actor=WORKER, stop=self.stop)
        except MailboxError as error:
            current_app.logger.warning("the mailbox of reports cannot be read: %s", error)

    def _send_messages(self, channel: Channel) -> Delivered:
        """Send what is due by one way; after a failure of its server, longer and longer pauses."""
        pause = self.pauses[channel]
        if pause.lasts():
            return Delivered()
        make = mailer_of if channel is Channel.EMAIL else line_mailer_of
        mailer = make(current_app.config)
        delivered = deliver_due(mailer, channel=channel, actor=WORKER, stop=self.stop)
        if not delivered.server_error:
            pause.length = 0
        elif not self.stop.is_set():
            pause.lengthen()
            name, error = _SERVERS[channel], delivered.server_error
            current_app.logger.warning("%s failed: %s", name, error)
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


def count_for_council() -> None:
    """Count the figures of the council, once a week; a failure is logged."""
    try:
        unit_of_work(count_council, actor=WORKER)
    except Exception:
        current_app.logger.exception("the figures of the council could not be counted")


def draw_for_callbacks() -> None:
    """Draw from the payments of months that are over, and publish what calls gave; a failure is
    logged.
    """
    try:
        unit_of_work(draw_callbacks, actor=WORKER)
        unit_of_work(publish_callbacks, actor=WORKER)
    except Exception:
        current_app.logger.exception("payments could not be drawn for call-backs")


def chase_proofs() -> None:
    """Remind of overdue proofs of receipt, once a week each; a failure is logged."""
    try:
        unit_of_work(remind_of_proofs, actor=WORKER)
    except Exception:
        current_app.logger.exception("nobody could be reminded of proofs of receipt")


def mail_log() -> None:
    """Mail the newest checkpoint to its holders when it is time; a failure is logged."""
    try:
        mail_checkpoints(actor=WORKER)
    except Exception:
        current_app.logger.exception("checkpoints could not be mailed")


def tidy_donors() -> None:
    """Remove spreadsheets that have expired, and say how names sound that were written before; a
    failure is logged.
    """
    try:
        unit_of_work(forget_expired, actor=WORKER)
        unit_of_work(forget_expired_lists, actor=WORKER)
        while unit_of_work(write_sounds, actor=WORKER):
            pass
        while unit_of_work(index_names, actor=WORKER):
            pass
    except Exception:
        current_app.logger.exception("names could not be indexed, or spreadsheets removed")


def note_payees() -> None:
    """Note the hashes of payees that were written before they were kept; a failure is logged."""
    try:
        while unit_of_work(write_payee_digests, actor=WORKER):
            pass
    except Exception:
        current_app.logger.exception("the hashes of payees could not be written")


def tell_of_year(stop: threading.Event) -> None:
    """Early in a year, write to donors what they gave in the one before."""
    today = clock.today()
    if TOLD_FROM <= (today.month, today.day) <= TOLD_UNTIL:
        send_year_messages(be_year(today.year) - 1, actor=WORKER, stop=stop)


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


def make_packs(stop: threading.Event) -> None:
    """Make the audit pack that waits longest; a failure is logged."""
    try:
        make_waiting_pack(actor=WORKER, stop=stop)
    except Exception:
        current_app.logger.exception("an audit pack could not be made")

"""Confirmation letters for tests, made and answered by the operations of the pages."""

from fundapp import clock
from fundapp.audit.letters import operations
from fundapp.audit.letters.drafts import ReplyDraft
from fundapp.audit.letters.models import AuditLetter, LetterAnswer
from fundapp.audit.samples.models import Sample
from fundapp.db import unit_of_work
from tests.factories.actors import AUDITOR


def make_answered_letter(sample: Sample, satang: int = 100) -> AuditLetter:
    """The first letter of a sample, sent today and answered by hand with another amount."""
    letter = unit_of_work(operations.make_letters, sample.number, actor=AUDITOR)[0]
    unit_of_work(operations.note_sent, letter.number, clock.today(), actor=AUDITOR)
    draft = ReplyDraft(LetterAnswer.DIFFERS, satang, "It was less")
    return unit_of_work(operations.record_reply, letter.number, draft, version=1, actor=AUDITOR)

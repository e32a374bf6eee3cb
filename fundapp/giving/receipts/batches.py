"""Making the PDFs of many receipts: in batches, and on all processors when there are many; and
writing to donors about a year.
"""

import os
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import Executor, ProcessPoolExecutor
from contextlib import contextmanager
from multiprocessing import get_context

from flask import current_app

from fundapp.access.actors import Actor
from fundapp.db import unit_of_work
from fundapp.giving.receipts import operations, queries
from fundapp.giving.receipts.pdfs import job_of
from fundapp.giving.receipts.setting import PaperJob, hash_job
from fundapp.giving.receipts.statements import list_donors_to_tell

#: Receipts that one batch looks at; its hashes are written together.
BATCH = 250
#: From so many on, other processes help: they take a second or two to start.
_MANY = 200


def send_year_messages(year: int, *, actor: Actor, stop: threading.Event | None = None) -> int:
    """Write to the donors of a year (B.E.) what they gave in it, each in a unit of work of its own,
    until ``stop`` is set; how many messages. A donor that fails is logged, and the others go on.
    """
    stop = stop or threading.Event()
    count, after = 0, 0
    while donors := unit_of_work(list_donors_to_tell, year, after=after):
        for donor_id, public_id in donors:
            if stop.is_set():
                return count
            after = donor_id
            try:
                count += unit_of_work(operations.tell_year, public_id, year, actor=actor)
            except Exception:
                current_app.logger.exception("a donor could not be written to about a year")
    return count


def freeze_older(*, actor: Actor) -> int:
    """Give receipts that were issued before contents were kept theirs; how many."""
    frozen, after = 0, 0
    while True:
        done = unit_of_work(operations.freeze_older_contents, after, BATCH, actor=actor)
        if done is None:
            return frozen
        count, after = done
        frozen += count


def make_missing_pdfs(
    *, actor: Actor, report: Callable[[int], None], processes: int | None = None
) -> int:
    """Make the PDF of each receipt of which none was made, keep its hash, and ``report`` how many
    each batch was; how many in all. It may be interrupted and run again at any time.
    """
    made, after = 0, 0
    wanted = processes or os.cpu_count() or 1
    with _helpers(wanted if queries.count_without_pdf(_MANY) >= _MANY else 1) as helpers:
        while receipts := queries.list_without_pdf(after, BATCH):
            after = receipts[-1].id
            jobs = [job for receipt in receipts if (job := job_of(receipt)) is not None]
            hashes = list(_hashes(jobs, helpers))
            unit_of_work(operations.record_pdfs, hashes, actor=actor)
            made += len(hashes)
            report(len(receipts))
    return made


@contextmanager
def _helpers(processes: int) -> Iterator[Executor | None]:
    """So many processes that set papers; none when this one does it alone. They start afresh: a
    copy of this one would share its connections.
    """
    if processes == 1:
        yield None
        return
    with ProcessPoolExecutor(processes, mp_context=get_context("spawn")) as pool:
        yield pool


def _hashes(jobs: list[PaperJob], helpers: Executor | None) -> Iterator[tuple[int, bytes]]:
    if helpers is None:
        return map(hash_job, jobs)
    return helpers.map(hash_job, jobs, chunksize=25)

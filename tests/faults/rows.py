"""What was acknowledged against the rows, and what the program's own checks say."""

import json
import os
import subprocess
import sys
from collections import Counter
from dataclasses import dataclass, field

from tests.faults.places import Place
from tests.faults.processes import ROOT

#: Seconds until the checks of the books have ended, on a machine that others keep busy too.
CHECKS_END_WITHIN = 600
_PLEDGES = (
    "SELECT donors.email FROM pledges JOIN donors ON donors.id = pledges.donor_id"
    " WHERE pledges.idempotency_key IS NOT NULL"
)
#: Of the payments that a form recorded, the key of the form behind a mark.
_PAYMENTS = (
    "SELECT external_ref FROM payments JOIN journal_entries e ON e.id = journal_entry_id"
    " WHERE external_ref IS NOT NULL"
)
_ENTRIES = "SELECT memo FROM journal_entries WHERE memo LIKE 'post-%%'"
#: Entries whose postings are not those that they were sealed with.
_UNSEALED = (
    "SELECT e.id FROM journal_entries e LEFT JOIN postings p ON p.entry_id = e.id"
    " GROUP BY e.id, e.posting_count, e.total_satang"
    " HAVING count(p.entry_id) <> e.posting_count OR sum(p.amount_satang) <> e.total_satang"
)


@dataclass(slots=True)
class Findings:
    """What is lost, doubled or out of balance; the names of red checks."""

    lost: int = 0
    doubled: int = 0
    unbalanced: int = 0
    red: list[str] = field(default_factory=list)


def look(place: Place, keys: set[str], posted: set[str], environment: dict[str, str]) -> Findings:
    """Compare ``keys`` (of forms) and ``posted`` (of entries) with the rows."""
    counts = Counter(email.partition("@")[0] for (email,) in place.rows(_PLEDGES))
    counts.update(ref.removeprefix("form:") for (ref,) in place.rows(_PAYMENTS))
    counts.update(memo for (memo,) in place.rows(_ENTRIES))
    found = Findings(
        lost=sum(key not in counts for key in keys | posted),
        doubled=sum(count > 1 for count in counts.values()),
        unbalanced=len(place.rows(_UNSEALED)),
    )
    balance, checks = _flask(environment, "ledger trial-balance", "audit check")
    debits = sum(row["debit_satang"] for row in balance["accounts"])
    credits_ = sum(row["credit_satang"] for row in balance["accounts"])
    found.unbalanced += debits != credits_ or debits == 0
    found.red += [check["name"] for check in checks["checks"] if check["state"] == "red"]
    if place.name == "sqlite" and place.rows("PRAGMA integrity_check") != [("ok",)]:
        found.red.append("integrity_check")
    return found


def trial_balance(environment: dict[str, str]) -> bool:
    """Whether the debits of ``flask ledger trial-balance`` are its credits."""
    (balance,) = _flask(environment, "ledger trial-balance")
    rows = balance["accounts"]
    return sum(row["debit_satang"] for row in rows) == sum(row["credit_satang"] for row in rows)


def _flask(environment: dict[str, str], *commands: str) -> list[dict]:
    """The answers of commands that run at the same time."""
    program = [sys.executable, "-m", "flask", "--app", "fundapp"]
    running = [
        subprocess.Popen(
            [*program, *command.split(), "--format", "json"],
            cwd=ROOT, env={**os.environ, **environment}, stdout=subprocess.PIPE,
        )
        for command in commands
    ]  # fmt: skip
    return [json.loads(process.communicate(timeout=CHECKS_END_WITHIN)[0]) for process in running]

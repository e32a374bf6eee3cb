"""The exports of a whole demo are what they always were, to the byte."""

from fundapp.ledger import exports, queries
from tests.ledger.test_exports import entries_of, plain_hledger


def test_the_exports_are_the_same_to_the_byte_as_those_written_entry_by_entry(demo):
    with demo.app_context():
        journal = "".join(exports.export_lines("hledger"))
        assert entries_of(journal) == "".join(plain_hledger())
        jsonl = "".join(exports.export_lines("jsonl"))
        assert jsonl == "".join(r.entry.canonical.decode() + "\n" for r in queries.iter_entries())

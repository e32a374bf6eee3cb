"""Everything that changes a child's file, and everything that reads one: a read is recorded."""

from fundapp.children.operations.consents import record_consent, withdraw_consent
from fundapp.children.operations.duplicates import (
    decide_duplicate,
    merge_child,
    read_compared_files,
    undo_merge,
)
from fundapp.children.operations.files import (
    find_alike_files,
    look_up_child,
    read_consent_paper,
    read_corrections,
    read_file,
    read_file_to_change,
    read_guardian,
    read_names,
    record_reads_opened,
)
from fundapp.children.operations.key_rotation import reencrypt_rows, retire_old_keys
from fundapp.children.operations.names import find_duplicates, index_names
from fundapp.children.operations.registration import change_child, close_child, register_child

__all__ = [
    "change_child",
    "close_child",
    "decide_duplicate",
    "find_alike_files",
    "find_duplicates",
    "index_names",
    "look_up_child",
    "merge_child",
    "read_compared_files",
    "read_consent_paper",
    "read_corrections",
    "read_file",
    "read_file_to_change",
    "read_guardian",
    "read_names",
    "record_consent",
    "record_reads_opened",
    "reencrypt_rows",
    "register_child",
    "retire_old_keys",
    "undo_merge",
    "withdraw_consent",
]

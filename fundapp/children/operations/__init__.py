"""Everything that changes a child's file, or opens one: opening leaves a mark in the trail."""

from fundapp.children.operations.consents import (
    file_consent_paper,
    record_consent,
    withdraw_consent,
)
from fundapp.children.operations.key_rotation import BATCH, rotate_batch, rotate_lookups
from fundapp.children.operations.reading import (
    read_file,
    read_file_to_change,
    read_guardian,
    read_names,
    read_paper,
)
from fundapp.children.operations.registration import change_child, close_child, register_child

__all__ = [
    "BATCH",
    "change_child",
    "close_child",
    "file_consent_paper",
    "read_file",
    "read_file_to_change",
    "read_guardian",
    "read_names",
    "read_paper",
    "record_consent",
    "register_child",
    "rotate_batch",
    "rotate_lookups",
    "withdraw_consent",
]

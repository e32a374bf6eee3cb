"""Importing statement files and undoing it, inside the caller's unit of work."""

from fundapp.banking.statement_files.operations.imports import (
    ImportResult,
    import_file,
    import_statement,
)
from fundapp.banking.statement_files.operations.undoing import undo_import

__all__ = ["ImportResult", "import_file", "import_statement", "undo_import"]

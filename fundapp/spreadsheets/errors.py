"""Why a spreadsheet is not read."""

from fundapp.errors import RuleError
from fundapp.markers import N_


class SpreadsheetRefusedError(RuleError):
    """The file is no spreadsheet that can be read, or too large."""

    message = N_("The file cannot be read. Save it again as .xlsx or as CSV UTF-8.")


class EncryptedSheetError(SpreadsheetRefusedError):
    """It has a password."""

    message = N_("The file has a password. Save it without the password.")


class OldSheetError(SpreadsheetRefusedError):
    """It is of a format in which formulas cannot be told from values."""

    message = N_("Only .xlsx and CSV files are read. Open the file and save it as .xlsx.")


class MacroSheetError(SpreadsheetRefusedError):
    """It holds programs."""

    message = N_("The file holds macros. Save it as .xlsx, which has none.")


class EntitySheetError(SpreadsheetRefusedError):
    """Its XML has a document type, which no spreadsheet program writes."""

    message = N_("The file was not written by a spreadsheet program. Save it again as .xlsx.")


class LargeSheetError(SpreadsheetRefusedError):
    """It is too large, packed or unpacked, or takes too long."""

    message = N_("The file is too large. Delete what is not needed and save it again.")


class ManyRowsError(SpreadsheetRefusedError):
    """It has too many rows."""

    message = N_("The sheet has more than 10,000 rows. Save it as several files.")


class ManyColumnsError(SpreadsheetRefusedError):
    """It has too many columns."""

    message = N_("The sheet has more than 100 columns. Delete those that are not needed.")


class EmptySheetError(SpreadsheetRefusedError):
    """It has no rows below the headings."""

    message = N_("The first sheet holds no rows below its headings.")


class EncodingError(SpreadsheetRefusedError):
    """It is a text in no encoding that is known."""

    message = N_("Some characters of the file cannot be read. Save it as .xlsx or as CSV UTF-8.")


class TornRowError(SpreadsheetRefusedError):
    """A quotation mark is not closed."""

    message = N_("A quotation mark in the file is opened and not closed. Save the file again.")


class ImportOverError(RuleError):
    """It was taken over, or has expired."""

    message = N_(
        "This file was taken over already, or was kept for longer than a day. Upload it again."
    )


class RowsWrongError(RuleError):
    """Some rows are wrong, so none is taken over. ``count`` is how many."""

    message = N_(
        "Rows that are wrong: %(count)s. Nothing was taken over. Correct them and upload the file "
        "again."
    )


class NothingToImportError(RuleError):
    """It would bring nothing."""

    message = N_("Everything in this file is known already. There is nothing to take over.")


class UnknownImportProfileError(RuleError):
    """No profile has this name. ``name`` is what was asked for."""

    message = N_("There is no profile called %(name)s.")

"""What each process may do, that acts without a person."""

from fundapp.access.permissions import GIVING, Permission, Process

PROCESS_PERMISSIONS: dict[Process, frozenset[Permission]] = {
    Process.VISITOR: GIVING,
    #: Whoever may run commands on the server.
    Process.COMMAND_LINE: frozenset(
        {
            Permission.USER_MANAGE,
            Permission.ROLE_GIVE,
            Permission.HOUSE_PROPOSE,
            Permission.PLACE_IMPORT,
            Permission.FUND_OPEN,
            Permission.PERIOD_CLOSE,
            Permission.BALANCE_FOLD,
            Permission.LOG_SEAL,
            Permission.BANK_ACCOUNT_OPEN,
            Permission.STATEMENT_IMPORT,
            Permission.OLDER_BOOKS_IMPORT,
            Permission.DONOR_IMPORT,
            Permission.DUPLICATE_LIST,
            Permission.CHILD_INDEX,
            Permission.PROGRAMME_READ,
            Permission.COUNCIL_COUNT,
            Permission.CALLBACK_DRAW,
            Permission.KEY_ROTATE,
            Permission.REMARK_ERASE,
            Permission.DOCUMENT_CHECK,
            Permission.FIGURES_PUBLISH,
            Permission.CHECK_MARK,
            Permission.PACK_MAKE,
            Permission.REMINDER_SEND,
            Permission.CHANNEL_NOTE,
            Permission.BACKUP_MAKE,
            Permission.BACKUP_RESTORE,
        }
    ),
    Process.WORKER: frozenset(
        {
            Permission.MAIL_SEND,
            Permission.CHANNEL_NOTE,
            Permission.BALANCE_FOLD,
            Permission.DONOR_TIDY,
            Permission.PAYEE_NOTE,
            Permission.CHILD_INDEX,
            Permission.LOG_SEAL,
            Permission.PLEDGE_EXTEND,
            Permission.REMINDER_SEND,
            Permission.DOCUMENT_CHECK,
            Permission.FIGURES_PUBLISH,
            Permission.COUNCIL_COUNT,
            Permission.CALLBACK_DRAW,
            Permission.CHECK_MARK,
            Permission.CHECK_ORDER,
            Permission.PACK_MAKE,
        }
    ),
    #: What the card processor says has happened, whoever asked it or was told.
    Process.CARD_PROCESSOR: frozenset({Permission.PAYMENT_RECORD, Permission.CARD_PAYMENT_BOOK}),
    #: What a guardian or school answers by the link on a voucher.
    Process.RECEIPT_LINK: frozenset({Permission.RECEIPT_CONFIRM}),
    #: What LINE says of those who wrote to the fund there, followed or blocked it.
    Process.LINE: frozenset({Permission.CHANNEL_NOTE}),
}

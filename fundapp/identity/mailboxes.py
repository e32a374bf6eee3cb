"""Which mailboxes may get a link to sign in although they have no account yet.

The package of gifts is above this one. It puts a function into the application's extensions under
`KNOWN`; it says whether somebody gave with an address.
"""

from collections.abc import Callable

from flask import current_app

#: Where the application keeps the function; its parameter is the address in lower case.
KNOWN = "is_mailbox_of_donor"


def is_of_donor(email: str) -> bool:
    """Whether a donor has this address."""
    find: Callable[[str], bool] | None = current_app.extensions.get(KNOWN)
    return find is not None and find(email)

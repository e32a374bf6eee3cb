"""Who may link a donor with an account at LINE, and choose how the donor is written to (pure)."""

from datetime import timedelta

from fundapp.giving.models import Donor

#: For so long a code can be sent.
CODE_LIVES = timedelta(minutes=15)


def opens_choice(donor: Donor) -> bool:
    """Whether the page of a pledge leads to the choice by itself.

    Anybody can give with somebody's e-mail address and so has the page of a pledge of that donor:
    where there is a mailbox, only a link that was sent to it opens what is the donor's.
    """
    return donor.email is None and not donor.is_unknown

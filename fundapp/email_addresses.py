"""How e-mail addresses are read, the same in every form and command."""

from email_validator import EmailNotValidError, validate_email

from fundapp.markers import N_
from fundapp.thai.folding import without_invisible_signs

_NOT_AN_ADDRESS = N_("This is not an e-mail address. Write it like name@example.org.")
#: RFC 5321, 4.5.3.1.3. A longer text is refused before it costs the time to analyse it.
_LONGEST = 254


def read_email(text: str) -> str:
    """The address as it is stored and compared: normalised, in lower case.

    Domains may be written in Thai; whether mail can be delivered is not checked. ValueError with a
    sentence for anything that is not an address.
    """
    typed = without_invisible_signs(text).strip()
    if len(typed) > _LONGEST:
        raise ValueError(_NOT_AN_ADDRESS)
    try:
        address = validate_email(typed, check_deliverability=False, allow_smtputf8=False)
    except EmailNotValidError as error:
        raise ValueError(_NOT_AN_ADDRESS) from error
    return address.normalized.lower()


def comparable_email(text: str) -> str:
    """``text`` as `read_email` writes it; anything else is only stripped and put in lower case."""
    try:
        return read_email(text)
    except ValueError:
        return text.strip().lower()

"""What whoever proposes holders of checkpoints and whoever confirms them are asked alike."""

from collections.abc import Iterable

from fundapp.email_addresses import read_email
from fundapp.transparency.errors import HolderAddressError, TooManyHoldersError

MOST_HOLDERS = 50


def read_holders(addresses: Iterable[str]) -> list[str]:
    """The addresses as they are stored, each once, in their order. HolderAddressError and
    TooManyHoldersError.
    """
    found = set()
    for each in addresses:
        try:
            found.add(read_email(each))
        except ValueError:
            raise HolderAddressError(field="addresses", params={"address": each[:100]}) from None
    if len(found) > MOST_HOLDERS:
        raise TooManyHoldersError(field="addresses", params={"most": MOST_HOLDERS})
    return sorted(found)

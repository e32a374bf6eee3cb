"""What a referral says of a child, encrypted for its row."""

from fundapp.agencies.models import Referral
from fundapp.children.encryption import encrypt

#: Bytes: texts are filled up to a multiple.
_BLOCK = 256


def encrypt_text(column: str, referral_id: int, text: str) -> bytes:
    """The words of a referral, the reason of a refusal, or words on what was given."""
    return encrypt(Referral, column, referral_id, text, block=_BLOCK)

"""What people wrote in concerns, encrypted for its row, and the code by which answers are found."""

from fundapp.children.encryption import encrypt
from fundapp.concerns.models import Concern, ConcernStep
from fundapp.crypto import keyring

#: Bytes: texts are filled up to a multiple.
_BLOCK = 256
#: Letters and digits that nobody mixes up.
_ALPHABET = "23456789ABCDEFGHJKMNPQRSTVWXYZ"
_LENGTH, _PART = 16, 4


def code_of(*said: str) -> str:
    """The code of what was told with a form, in four parts to note down. The same form with the
    same words has the same code, so that a second click loses nothing; nobody guesses it (78 bits)
    without the key of hashes.
    """
    number = int.from_bytes(keyring().lookup("\x1f".join(said), "concerns.code"))
    letters = ""
    for _place in range(_LENGTH):
        number, place = divmod(number, len(_ALPHABET))
        letters += _ALPHABET[place]
    return "-".join(letters[start : start + _PART] for start in range(0, _LENGTH, _PART))


def lookup_code(code: str) -> bytes:
    """The keyed hash by which a code is found, however its parts were typed."""
    bare = "".join(letter for letter in code.upper() if letter.isascii() and letter.isalnum())
    return keyring().lookup(bare, "concerns.code_lookup")


def encrypt_words(step_id: int, words: str) -> bytes:
    """The words of a step."""
    return encrypt(ConcernStep, "words_encrypted", step_id, words, block=_BLOCK)


def encrypt_contact(concern_id: int, contact: str) -> bytes:
    """How to reach whoever told a concern."""
    return encrypt(Concern, "contact_encrypted", concern_id, contact, block=_BLOCK)

"""A child's code, by which the child is known outside its file.

``C-`` and seven characters without I, L, O and U: six random ones and a check character (ISO 7064
MOD 37-2), so that one wrong character is noticed. A code says nothing about the child, neither
where it lives nor when it was registered.
"""

import re
import secrets

from stdnum.iso7064 import mod_37_2

from fundapp.thai.folding import fold_signs

PREFIX = "C-"
_LETTERS = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
_RANDOM_LENGTH = 6
_TYPED = re.compile(rf"(?:C ?-? ?)?([{_LETTERS}]{{{_RANDOM_LENGTH + 1}}})")


def new_code() -> str:
    """A new code, for example ``C-7K3M9QX``; the caller makes sure that it is not taken."""
    while True:
        body = "".join(secrets.choice(_LETTERS) for _ in range(_RANDOM_LENGTH))
        check = mod_37_2.calc_check_digit(body)
        if check in _LETTERS:
            return f"{PREFIX}{body}{check}"


def parse_code(text: str) -> str | None:
    """The code in ``text`` as it is stored, or None; the prefix, the hyphen and capitals may be
    missing.
    """
    match = _TYPED.fullmatch(fold_signs(text).upper())
    return f"{PREFIX}{match[1]}" if match and mod_37_2.is_valid(match[1]) else None

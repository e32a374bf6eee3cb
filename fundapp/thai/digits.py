"""Thai digits ๐–๙ and the Arabic 0–9 of the keyboard's other layer."""

_THAI = "๐๑๒๓๔๕๖๗๘๙"
_ARABIC = "0123456789"
_TO_ARABIC = str.maketrans(_THAI, _ARABIC)
_TO_THAI = str.maketrans(_ARABIC, _THAI)


def to_arabic(text: str) -> str:
    """``text`` with every Thai digit as an Arabic one; nothing else changes."""
    return text.translate(_TO_ARABIC)


def to_thai(text: str) -> str:
    """``text`` with every Arabic digit as a Thai one; nothing else changes."""
    return text.translate(_TO_THAI)

"""Digits as a Thai keyboard types them."""

_TO_THAI = str.maketrans("0123456789", "๐๑๒๓๔๕๖๗๘๙")


def in_thai_digits(text: str) -> str:
    """``text`` with Thai digits."""
    return text.translate(_TO_THAI)

"""Pages."""


def measure(kind: str, url: str) -> None:
    """To be written."""

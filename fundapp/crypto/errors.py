"""Why a key is refused, or a value cannot be opened."""


class KeyringError(Exception):
    """A key is missing, weak, or not the one of the data; the message never shows one."""

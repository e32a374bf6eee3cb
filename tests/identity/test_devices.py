"""Names of browsers and systems."""

import pytest

from fundapp.identity.devices import device_name

CHROME = "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 Chrome/120.0 Safari/537.36"


@pytest.mark.parametrize(
    ("user_agent", "name"),
    [
        (CHROME, "Chrome · Windows"),
        (CHROME + " Edg/120.0", "Edge · Windows"),
        ("Mozilla/5.0 (iPhone; CPU iPhone OS 17_0 like Mac OS X) Safari/604.1", "Safari · iOS"),
        ("Mozilla/5.0 (Linux; Android 14) Chrome/120.0 Mobile Line/14.0", "LINE · Android"),
        ("Mozilla/5.0 (X11; Linux x86_64; rv:120.0) Firefox/120.0", "Firefox · Linux"),
        ("curl/8.0", ""),
        ("", ""),
    ],
)
def test_names(user_agent, name):
    assert device_name(user_agent) == name

"""`PUBLIC_URL` decides whether secrets must be set; a missing one is named."""

import base64
import stat

import pytest

import config

KEY = base64.b64encode(bytes(32)).decode()
IN_SERVICE = {
    "PUBLIC_URL": "https://fund.example.go.th",
    "DATABASE_URL": "postgresql://app@db/fund",
    "SECRET_KEY": "s" * 48,
    "FIELD_KEYS": f"k1:{KEY}",
    "LEDGER_SIGNING_KEY": KEY,
}


@pytest.mark.parametrize("name", ["DATABASE_URL", "SECRET_KEY", "FIELD_KEYS", "LEDGER_SIGNING_KEY"])
def test_in_service_each_missing_secret_is_named(tmp_path, name):
    with pytest.raises(config.SettingError, match=name):
        config.load(tmp_path, {**IN_SERVICE, name: ""})
    assert list(tmp_path.iterdir()) == []


def test_a_short_secret_key_is_refused(tmp_path):
    with pytest.raises(config.SettingError, match="SECRET_KEY"):
        config.load(tmp_path, {**IN_SERVICE, "SECRET_KEY": "short"})


def test_in_service_cookies_are_secure_and_no_secret_is_made(tmp_path):
    loaded = config.load(tmp_path, IN_SERVICE)
    assert (loaded["DEMO"], loaded["SECURE"]) == (False, True)
    assert loaded["SESSION_TOKEN_COOKIE"] == "__Host-sid"
    assert loaded["SQLALCHEMY_DATABASE_URI"] == "postgresql+psycopg://app@db/fund"
    assert loaded["PROMPTPAY_BILLER_ID"] == ""
    assert list(tmp_path.iterdir()) == []


def test_the_demo_makes_its_own_secrets_once(tmp_path):
    first, second = config.load(tmp_path, {}), config.load(tmp_path, {})
    assert first["DEMO"] is True
    assert first["SECRET_KEY"] == second["SECRET_KEY"] != ""
    kept = tmp_path / "demo-secrets.json"
    assert stat.S_IMODE(kept.stat().st_mode) == 0o600


def test_the_demo_runs_on_postgresql_too(tmp_path):
    loaded = config.load(tmp_path, {"DATABASE_URL": "postgresql://localhost/fund"})
    assert loaded["DEMO"] is True
    assert str(loaded["SQLALCHEMY_DATABASE_URI"]).startswith("postgresql+psycopg://")


def test_limits_can_be_set(tmp_path):
    assert config.load(tmp_path, {})["LIMIT_PLEDGE"] == "10 per hour"
    assert config.load(tmp_path, {"LIMIT_PLEDGE": "5 per day"})["LIMIT_PLEDGE"] == "5 per day"


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("TRUSTED_PROXIES", "one"),
        ("TRUSTED_PROXIES", "-1"),
        ("LIMIT_PLEDGE", "often"),
        ("DATABASE_URL", "nonsense"),
        ("DATABASE_URL", "postgresql://host:port/name"),
    ],
)
def test_a_setting_that_cannot_be_read_is_named(tmp_path, name, value):
    with pytest.raises(config.SettingError, match=name):
        config.load(tmp_path, {name: value})

"""`PUBLIC_URL` decides whether secrets must be set; a missing one is named."""

import base64
import importlib.util
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
    "TRUSTED_PROXIES": "1",
}


@pytest.mark.parametrize("name", ["DATABASE_URL", "SECRET_KEY", "FIELD_KEYS"])
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
    assert config.load(tmp_path, {})["LIMIT_RECEIPT"] == "30 per hour"
    assert config.load(tmp_path, {"LIMIT_PLEDGE": "5 per day"})["LIMIT_PLEDGE"] == "5 per day"


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("TRUSTED_PROXIES", "one"),
        ("TRUSTED_PROXIES", "-1"),
        ("TRUSTED_PROXIES", "๑"),
        ("TRUSTED_PROXIES", "10"),
        ("PORT", "http"),
        ("PORT", "65536"),
        ("LIMIT_PLEDGE", "often"),
        ("LIMIT_PLEDGE", "0 per hour"),
        ("DATABASE_URL", "mysql://app@db/fund"),
        ("DOCUMENTS_URL", "/var/documents"),
        ("DOCUMENTS_URL", "file://documents"),
        ("DOCUMENTS_URL", "s3://"),
        ("BOUNCES_URL", "imap://user:secret@mail.example.org"),
        ("BOUNCES_URL", "imaps://mail.example.org"),
        ("CLAMAV_ADDRESS", "localhost"),
        ("CLAMAV_ADDRESS", "localhost:clamd"),
        ("PROMPTPAY_BILLER_ID", "12345"),
        ("PROMPTPAY_ID", "somebody"),
        ("PUBLIC_URL", "fund.example.go.th"),
        ("PUBLIC_URL", "//fund.example.go.th"),
        ("PUBLIC_URL", "ftp://fund.example.go.th"),
        ("PUBLIC_URL", "https://"),
        ("PUBLIC_URL", "https://fund.example.go.th/app"),
        ("PUBLIC_URL", "https://fund.example.go.th?x=1"),
        ("PUBLIC_URL", "https://somebody@fund.example.go.th"),
        ("PUBLIC_URL", "https://fund.example.go.th:port"),
        ("PUBLIC_URL", "https://fund.example.go.th:0"),
        ("PUBLIC_URL", "localhost:8000"),
        ("RATE_LIMIT_STORAGE_URL", "nonsense"),
        ("RATE_LIMIT_STORAGE_URL", "carrier-pigeon://host"),
        ("DATABASE_URL", "nonsense"),
        ("DATABASE_URL", "postgresql://host:port/name"),
    ],
)
def test_a_setting_that_cannot_be_read_is_named(tmp_path, name, value):
    with pytest.raises(config.SettingError, match=name):
        config.load(tmp_path, {name: value})


@pytest.mark.parametrize(
    ("changed", "named", "what_to_do"),
    [
        ({"PUBLIC_URL": "fund.example.go.th"}, "PUBLIC_URL", "https://fund.example.go.th"),
        ({"PUBLIC_URL": "http://fund.example.go.th"}, "PUBLIC_URL", "write https://"),
        ({"PUBLIC_URL": "http://10.0.0.5:8000"}, "PUBLIC_URL", "write https://"),
        ({"TRUSTED_PROXIES": ""}, "TRUSTED_PROXIES", "usually 1"),
        ({"TRUSTED_PROXIES": "0"}, "TRUSTED_PROXIES", "usually 1"),
        ({"RATE_LIMIT_STORAGE_URL": "memory://"}, "RATE_LIMIT_STORAGE_URL", "leave it empty"),
        ({"PUBLIC_URL": "https://localhost", "TRUSTED_PROXIES": ""}, "TRUSTED_PROXIES", "usually"),
    ],
)
def test_half_right_settings_are_refused_in_service(tmp_path, changed, named, what_to_do):
    """The program does not start, and says which setting is wrong and what to write."""
    with pytest.raises(config.SettingError, match=named) as refused:
        config.load(tmp_path, {**IN_SERVICE, **changed})
    assert what_to_do in refused.value.message


@pytest.mark.parametrize(
    ("environment", "expected"),
    [
        (IN_SERVICE, {"DEMO": False, "SECURE": True, "TRUSTED_PROXIES": 1}),
        ({**IN_SERVICE, "PUBLIC_URL": "https://fund.example.go.th:8443/"}, {"DEMO": False}),
        ({}, {"DEMO": True, "SECURE": False, "PUBLIC_URL": "http://127.0.0.1:8000"}),
        ({"PORT": "8080"}, {"PUBLIC_URL": "http://127.0.0.1:8080"}),
        ({"PUBLIC_URL": "http://localhost:8000"}, {"DEMO": True, "SECURE": False}),
        ({"PUBLIC_URL": "http://[::1]:8000"}, {"DEMO": True}),
        (
            {"PUBLIC_URL": "https://localhost", "TRUSTED_PROXIES": "1"},
            {"DEMO": True, "SECURE": True},
        ),
        ({"RATE_LIMIT_STORAGE_URL": "memory://"}, {"RATELIMIT_STORAGE_URI": "memory://"}),
        ({}, {"RATELIMIT_STORAGE_URI": ""}),
        ({"DOCUMENTS_URL": "s3://bucket/papers"}, {"DOCUMENTS_URL": "s3://bucket/papers"}),
        ({"CLAMAV_ADDRESS": "127.0.0.1:3310"}, {"CLAMAV_ADDRESS": "127.0.0.1:3310"}),
        ({"CLAMAV_ADDRESS": "/run/clamd.sock"}, {"CLAMAV_ADDRESS": "/run/clamd.sock"}),
        ({"PROMPTPAY_ID": "+66 81-234-5678"}, {"PROMPTPAY_ID": "+66 81-234-5678"}),
    ],
)
def test_settings_that_are_right_are_taken(tmp_path, environment, expected):
    loaded = config.load(tmp_path, environment)
    assert {name: loaded[name] for name in expected} == expected


def test_several_workers_that_count_alone_are_refused(tmp_path):
    alone = {"RATE_LIMIT_STORAGE_URL": "memory://", "WEB_CONCURRENCY": "2"}
    with pytest.raises(config.SettingError, match="each worker counts alone"):
        config.load(tmp_path, alone)


def test_redis_without_its_library_is_refused(tmp_path):
    if importlib.util.find_spec("redis"):
        pytest.skip("!! THE LIBRARY redis IS INSTALLED: THAT IT IS MISSING CANNOT BE SHOWN HERE.")
    with pytest.raises(config.SettingError, match="pip install redis"):
        config.load(tmp_path, {"RATE_LIMIT_STORAGE_URL": "redis://:secret@127.0.0.1/0"})

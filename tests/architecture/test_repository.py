"""What must never be in the repository: generated files, data, secrets, addresses of machines."""

import re

from tests.architecture.sources import ROOT, name, tracked

GENERATED = re.compile(
    r"(^|/)(uv\.lock|node_modules/|\.venv/|__pycache__/|instance/)|\.(db|sqlite3?|mo|pyc|pem|key)$|(^|/)\.env$"
)

#: Written so that this file does not find itself.
FORBIDDEN = {
    "a package index": re.compile(
        r"--(extra-)?index-" r"url|https?://[a-z.]*(hosted|registry)[a-z.]*/"
    ),
    "a package host": re.compile(r"pypi\." r"org|pythonhosted\." r"org|npmjs\." r"(org|com)"),
    "a path of one machine": re.compile(
        r"(^|[\s\"'=(:])/(" r"work|farm|root|home/[a-z]+|Users/[A-Za-z]+)/[\w.]"
    ),
    "a private key": re.compile(r"BEGIN (RSA |EC |OPENSSH )?PRIVATE " r"KEY"),
    "a live Stripe key": re.compile(r"\b[rs]k_" r"live_\w{8}|\bwhsec_" r"[A-Za-z0-9]{24}"),
    "unfinished work": re.compile(r"\b(TO" r"DO|FIX" r"ME|X" r"XX)\b|[Ll]orem " r"ipsum"),
}

BINARY = {".png", ".jpg", ".jpeg", ".ico", ".woff", ".woff2", ".ttf", ".pdf", ".gif", ".webp"}
GENERATED_TEXT = {"requirements.txt", "requirements-dev.txt", "requirements-bench.txt"}


def test_nothing_generated_is_tracked():
    assert [name(path) for path in tracked() if GENERATED.search(name(path))] == []


def test_no_address_secret_or_unfinished_place():
    found = []
    for path in tracked():
        if path.suffix in BINARY or name(path) == "tests/architecture/test_repository.py":
            continue
        text = (
            path.read_bytes().decode("utf-8", errors="replace").replace("--no-emit-index-url", "")
        )
        for number, line in enumerate(text.splitlines(), 1):
            found += [
                f"{name(path)}:{number} {what}"
                for what, sign in FORBIDDEN.items()
                if sign.search(line)
            ]
    assert found == []


def test_every_requirement_is_pinned_with_hashes():
    for file in GENERATED_TEXT:
        text = (ROOT / file).read_text(encoding="utf-8").replace("\\\n", " ")
        pins = [line for line in text.splitlines() if line and not line.lstrip().startswith("#")]
        assert pins
        assert [pin for pin in pins if "==" not in pin or "--hash=sha256:" not in pin] == []


def test_every_requirement_has_its_reason():
    for file in ("requirements.in", "requirements-dev.in", "requirements-bench.in"):
        lines = (ROOT / file).read_text(encoding="utf-8").splitlines()
        wanted = [line for line in lines if line and not line.startswith(("#", "-r"))]
        assert [line for line in wanted if not re.search(r"\S+\s+# \S", line)] == []


def test_development_and_runtime_agree():
    """The tests run what production runs."""

    def pins(file):
        return set(
            re.findall(
                r"^([\w.-]+(?:\[\w+\])?==\S+)", (ROOT / file).read_text("utf-8"), re.MULTILINE
            )
        )

    assert pins("requirements.txt") - pins("requirements-dev.txt") == set()

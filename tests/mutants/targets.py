"""What `make mutants` measures: files, and the tests that should notice a change of them."""

from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parents[2]


@dataclass(frozen=True)
class Target:
    """Some files, ``but`` without these, and their tests; those in ``first`` run before others.

    Mutants run on SQLite, so functions ``on_postgresql`` only are left out.
    """

    name: str
    paths: tuple[str, ...]
    first: str
    tests: tuple[str, ...]
    but: tuple[str, ...] = ()
    on_postgresql: frozenset[str] = frozenset()

    def files(self) -> list[Path]:
        """The files that are there."""
        paths = [ROOT / path for path in self.paths]
        return [
            file
            for path in paths
            for file in ([path] if path.is_file() else sorted(path.rglob("*.py")))
            if file.relative_to(ROOT).as_posix() not in self.but
        ]


TARGETS = (
    Target(
        "ledger",
        ("fundapp/ledger",),
        "tests/ledger/",
        ("tests/ledger", "tests/audit/test_views.py"),
        but=("fundapp/ledger/models.py",),
        on_postgresql=frozenset(
            {"_postgresql", "_insert_postgresql", "_postgresql_values", "fold_balances"}
        ),
    ),
    Target(
        "tables",
        ("fundapp/ledger/models.py",),
        "tests/architecture/",
        (
            "tests/architecture/test_migrations.py",
            "tests/ledger/test_funds.py",
            "tests/ledger/test_operations.py",
        ),
    ),
    Target(
        "giving",
        ("fundapp/giving/policy.py", "fundapp/giving/allocation.py"),
        "tests/giving/",
        ("tests/giving",),
    ),
    Target("money", ("fundapp/money.py",), "tests/test_money.py", ("tests/test_money.py",)),
    Target("thai", ("fundapp/thai",), "tests/thai/", ("tests/thai",)),
    Target(
        "disbursements",
        ("fundapp/disbursements/policy.py", "fundapp/disbursements/workflow.py"),
        "tests/disbursements/",
        (
            "tests/disbursements/test_policy.py",
            "tests/disbursements/test_workflow.py",
            "tests/disbursements/test_decisions.py",
            "tests/disbursements/test_payouts.py",
            "tests/disbursements/test_proofs.py",
            "tests/disbursements/test_files.py",
            "tests/disbursements/views",
        ),
    ),
    Target(
        "publication",
        ("fundapp/transparency/rises.py", "fundapp/transparency/operations.py"),
        "tests/transparency/",
        ("tests/transparency/test_rises.py", "tests/transparency/test_publication.py"),
    ),
    Target(
        "web",
        ("fundapp/web",),
        "tests/web/",
        (
            "tests/web",
            "tests/test_database_away.py",
            "tests/identity/test_sign_in.py",
            "tests/giving/test_give_page.py",
            "tests/transparency",
            "tests/audit/test_views.py",
        ),
    ),
    Target(
        "access",
        ("fundapp/access",),
        "tests/access/",
        ("tests/access", "tests/identity/test_access.py", "tests/architecture/test_routes.py"),
    ),
)

#: Changes that make no difference to anybody: file, before, after, and why.
EQUIVALENT: tuple[tuple[str, str, str, str], ...] = (
    ("fundapp/web/headers.py", "400", "399", "no answer has this status"),
    ("fundapp/web/try_stores.py", "100000", "100001", "nobody gives back so many in a window"),
    ("fundapp/web/try_stores.py", "100000", "99999", "nobody gives back so many in a window"),
)

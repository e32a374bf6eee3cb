"""The fund's software. `create_app` is the only place that knows every package."""

import importlib
import importlib.util
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from types import ModuleType

from flask import Flask
from flask_migrate import Migrate

import config as settings
from fundapp import commands, crypto, db, private_files
from fundapp.access.marks import undeclared_endpoints
from fundapp.db.cli import cli as database_commands
from fundapp.trail.registry import register

ROOT = Path(__file__).resolve().parent.parent

#: Every package with tables, views or commands, from the lowest layer to the highest.
PACKAGES = (
    "fundapp.web",
    "fundapp.mail",
    "fundapp.trail",
    "fundapp.proposals",
    "fundapp.places",
    "fundapp.documents",
    "fundapp.remarks",
    "fundapp.ledger",
    "fundapp.identity",
    "fundapp.children",
    "fundapp.concerns",
    "fundapp.giving",
    "fundapp.disbursements",
    "fundapp.budgets",
    "fundapp.advances",
    "fundapp.committee",
    "fundapp.agencies",
    "fundapp.callbacks",
    "fundapp.aid_plans",
    "fundapp.programmes",
    "fundapp.grants",
    "fundapp.banking",
    "fundapp.payouts",
    "fundapp.audit",
    "fundapp.council",
    "fundapp.transparency",
    "fundapp.backup",
    "fundapp.today",
    "demo",
    "fundapp.worker",
)
#: Packages whose folder an installation may delete.
OPTIONAL_PACKAGES = frozenset({"demo"})


def create_app(overrides: Mapping[str, object] | None = None) -> Flask:
    """The application, ready to serve; ``overrides`` replace settings (tests use it).

    Raises config.SettingError when a setting is missing or the keys are weak or not those of the
    database, and RuntimeError when a route is marked
    neither public nor with a permission.
    """
    private_files.begin()
    app = Flask(
        __name__,
        template_folder=str(ROOT / "templates"),
        static_folder=str(ROOT / "static"),
        instance_path=str(ROOT / "instance"),
    )
    app.config.from_mapping(settings.load(Path(app.instance_path)))
    app.config.from_mapping(overrides or {})
    app.config.setdefault(
        "SQLALCHEMY_ENGINE_OPTIONS", db.engine_options(app.config["SQLALCHEMY_DATABASE_URI"])
    )
    try:
        crypto.init_app(app)
    except crypto.KeyringError as error:
        raise settings.SettingError(str(error)) from error
    db.init_app(app)
    _narrow_files(app)
    Migrate(app, db.db, directory=str(ROOT / "migrations"))
    app.cli.add_command(commands.plain(database_commands))
    for package in PACKAGES:
        _register(app, package)
    _refuse_undeclared_routes(app)
    _prove_keys(app)
    return app


def _narrow_files(app: Flask) -> None:
    """Take what older versions made wider from others; `fundapp.documents` does it for its own."""
    instance = Path(app.instance_path)
    with app.app_context():
        files = db.files_of_database(db.db.engine)
    private_files.narrow([instance, *instance.glob("demo-*"), *files])


def _prove_keys(app: Flask) -> None:
    try:
        crypto.prove_at_start(app)
    except crypto.KeyringError as error:
        raise settings.SettingError(str(error)) from error


def _register(app: Flask, package: str) -> None:
    """Register what the trail calls a package's things, its wiring, routes and commands."""
    for part, module in _parts(package).items():
        if part == "things":
            register(*module.THINGS)
        elif part == "wiring":
            module.init_app(app)
        elif part == "views":
            app.register_blueprint(module.blueprint)
        elif part == "cli":
            for group in (module.cli, *getattr(module, "MORE", ())):
                app.cli.add_command(commands.plain(group))


@cache
def _parts(package: str) -> dict[str, ModuleType]:
    """The modules of a package that the application needs, its tables first; none of an optional
    package that was deleted.
    """
    if package in OPTIONAL_PACKAGES and importlib.util.find_spec(package) is None:
        return {}
    names = {part: f"{package}.{part}" for part in ("models", "things", "wiring", "views", "cli")}
    return {
        part: importlib.import_module(name)
        for part, name in names.items()
        if importlib.util.find_spec(name) is not None
    }


def _refuse_undeclared_routes(app: Flask) -> None:
    undeclared = undeclared_endpoints(app)
    if undeclared:
        raise RuntimeError(f"routes without @public or @requires: {', '.join(undeclared)}")

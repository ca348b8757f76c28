"""`portico config`: what is set, from where, and what is wrong. Secrets are masked."""

import argparse
import json
import os
import re
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from pydantic import ValidationError

from portico.config.env import DEFAULT_BASE_URL, SECRET_VARIABLES, Environment, load_environment

HELP = "Show what is set, from where, and what is wrong"
EXAMPLE = "portico config --json"
MASK = "********"
_PASSWORD = re.compile(r"(?<=:)[^:@/]+(?=@)")
_VARIABLES = {f"PORTICO_{field.upper()}": field for field in Environment.model_fields}


@dataclass(frozen=True, kw_only=True)
class Setting:
    """One variable: its value as it may be shown, where it comes from, what is wrong with it."""

    name: str
    value: str
    source: str
    problem: str = ""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the options."""
    parser.add_argument("--json", action="store_true", help="print a list of objects")


def run(arguments: argparse.Namespace) -> int:
    """Print each variable; status 1 when one is wrong."""
    settings = read_settings()
    if arguments.json:
        print(json.dumps([asdict(setting) for setting in settings], indent=2))
    else:
        for setting in settings:
            print(f"{setting.name} = {setting.value or '(not set)'}  [{setting.source}]")
            if setting.problem:
                print(f"    wrong: {setting.problem}")
    return 1 if any(setting.problem for setting in settings) else 0


def read_settings() -> list[Setting]:
    """Every variable as it is now, also when some are wrong."""
    sources = {name: _source(name) for name in _VARIABLES}
    problems: dict[str, str] = {}
    environment: Environment | None = None
    try:
        environment = load_environment()
    except ValidationError as error:
        for found in error.errors():
            problems[f"PORTICO_{str(found['loc'][0]).upper()}"] = str(found["msg"])
    except OSError as error:
        problems[_name_of_file(error.filename)] = f"{error.strerror}: {error.filename}"
    shown = []
    for name, field in _VARIABLES.items():
        value, source = _value(name, field, environment=environment), sources[name]
        if not value and environment is not None:
            value, source = _derived(name, environment)
        problem = problems.get(name, "") or _problem(name, value)
        shown.append(Setting(name=name, value=_masked(name, value), source=source, problem=problem))
    return shown + _unknown()


def _source(name: str) -> str:
    if name in os.environ:
        return "environment"
    if name in SECRET_VARIABLES and os.environ.get(f"{name}_FILE"):
        return f"file {os.environ[f'{name}_FILE']}"
    return "default"


def _value(name: str, field: str, *, environment: Environment | None) -> str:
    if environment is None:
        return os.environ.get(name, "")
    value: Any = getattr(environment, field)
    return ",".join(value) if isinstance(value, tuple) else str(value)


def _derived(name: str, environment: Environment) -> tuple[str, str]:
    """What holds where nothing was set."""
    if name == "PORTICO_BASE_URL":
        is_remembered = environment.base_url_file.exists()
        source = "remembered by serve" if is_remembered else "default"
        return environment.effective_base_url or DEFAULT_BASE_URL, source
    if name == "PORTICO_DATABASE_URL":
        return environment.effective_database_url, "default"
    if name == "PORTICO_SECRET_KEY":
        path = environment.data_dir / "secret_key"
        return ("set", f"file {path}") if path.exists() else ("", "made at the first start")
    if name == "PORTICO_EMAIL_URL":
        return "", "not set: mails wait in the Outbox"
    return "", "default"


def _problem(name: str, value: str) -> str:
    if not value:
        return ""
    if name == "PORTICO_BASE_URL" and urlsplit(value).scheme not in {"http", "https"}:
        return "starts with http:// or https://"
    if name == "PORTICO_DATA_DIR" and Path(value).exists() and not os.access(value, os.W_OK):
        return "can't be written to"
    return ""


def _masked(name: str, value: str) -> str:
    if name == "PORTICO_SECRET_KEY":
        return MASK if value else ""
    return _PASSWORD.sub(MASK, value) if name in SECRET_VARIABLES else value


def _name_of_file(path: object) -> str:
    for name in SECRET_VARIABLES:
        if os.environ.get(f"{name}_FILE") == str(path):
            return name
    return "PORTICO_DATA_DIR"


def _unknown() -> list[Setting]:
    """Variables that look like ours and are not: most likely misspelt."""
    known = {*_VARIABLES, *(f"{name}_FILE" for name in SECRET_VARIABLES)}
    return [
        Setting(name=name, value="", source="environment", problem="there is no such variable")
        for name in sorted(os.environ)
        if name.startswith("PORTICO_") and name not in known
    ]

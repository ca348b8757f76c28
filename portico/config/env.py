"""The environment: every `PORTICO_*` variable, none needed to start.

Each secret may also come from a file named by `NAME_FILE`.
"""

import os
import secrets
from functools import cached_property
from pathlib import Path
from typing import Annotated, Any, Literal
from urllib.parse import urlsplit

from pydantic import field_validator
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict

SECRET_VARIABLES = ("PORTICO_SECRET_KEY", "PORTICO_DATABASE_URL", "PORTICO_EMAIL_URL")
DEFAULT_BASE_URL = "http://127.0.0.1:8000"
OWNER_ONLY = 0o600


class Environment(BaseSettings):
    """What the operator set, with the defaults for what they did not."""

    model_config = SettingsConfigDict(env_prefix="PORTICO_", extra="ignore")

    data_dir: Path = Path("var")
    database_url: str = ""
    base_url: str = ""
    email_url: str = ""
    secret_key: str = ""
    allowed_hosts: Annotated[tuple[str, ...], NoDecode] = ()
    trusted_proxies: int = 0
    log_format: Literal["text", "json"] = "text"

    @field_validator("allowed_hosts", mode="before")
    @classmethod
    def split_hosts(cls, value: Any) -> Any:
        """Take a comma separated list."""
        if isinstance(value, str):
            return tuple(host.strip().lower() for host in value.split(",") if host.strip())
        return value

    @field_validator("email_url")
    @classmethod
    def check_email_url(cls, value: str) -> str:
        """Refuse a mail address line that we could not follow."""
        if value and urlsplit(value).scheme not in {"smtp", "smtp+tls", "smtps"}:
            raise ValueError("PORTICO_EMAIL_URL starts with smtp://, smtp+tls:// or smtps://")
        return value

    @property
    def base_url_file(self) -> Path:
        """Where `serve` remembers the address it serves on, for worker and commands."""
        return self.data_dir / "base_url"

    @cached_property
    def effective_base_url(self) -> str:
        """The address for links: the variable, else what `serve` remembered, else the default."""
        if self.base_url:
            return self.base_url.rstrip("/")
        if self.base_url_file.exists():
            return self.base_url_file.read_text().strip()
        return DEFAULT_BASE_URL

    @cached_property
    def effective_secret_key(self) -> str:
        """The variable, else the key in the data folder, made at first use (owner-only file)."""
        return self.secret_key or _key_in(self.data_dir)

    @cached_property
    def effective_database_url(self) -> str:
        """The variable, else SQLite in the data folder."""
        return self.database_url or f"sqlite:///{(self.data_dir / 'portico.sqlite3').resolve()}"


def load_environment() -> Environment:
    """Read the variables, with secrets out of files where `NAME_FILE` is set."""
    for name in SECRET_VARIABLES:
        path = os.environ.get(f"{name}_FILE")
        if path and name not in os.environ:
            os.environ[name] = Path(path).read_text().strip()
    return Environment()


def _key_in(folder: Path) -> str:
    path = folder / "secret_key"
    if not path.exists():
        folder.mkdir(parents=True, exist_ok=True)
        fresh = folder / f"secret_key.{os.getpid()}"
        fresh.touch(mode=OWNER_ONLY)
        fresh.write_text(secrets.token_urlsafe(50))
        try:
            os.link(fresh, path)  # the first of two processes wins; both then read one key
        except FileExistsError:
            pass
        finally:
            fresh.unlink()
    return path.read_text().strip()

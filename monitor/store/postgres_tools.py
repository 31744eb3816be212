"""pg_dump, pg_restore and psql: found on PATH, told the password in the environment, heard when they fail."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
from collections.abc import Sequence
from pathlib import Path
from tempfile import TemporaryFile
from typing import IO

from sqlalchemy import URL, make_url

from monitor.errors import ClaimwatchError, ConfigError, InputError, UnavailableError

_REVISION = re.compile(r"^COPY \S*alembic_version \(version_num\) FROM stdin;\n(\S+)\n", re.MULTILINE)
#: Of what a program says when it fails.
_MOST_WORDS = 600


def dump(url: str, made: Path, snapshot: str) -> None:
    """An archive of what an open transaction sees. Raises ConfigError or UnavailableError."""
    options = ("--format=custom", "--no-owner", "--no-privileges", f"--snapshot={snapshot}")
    _run(url, "pg_dump", *options, f"--file={made}", _address(url))
    _run("", "pg_restore", "--list", str(made))


def revision_of(archive: Path) -> str:
    """The schema of the ledger in an archive; empty: there is none. Raises InputError where it is damaged."""
    told = _run("", "pg_restore", "--data-only", "--table=alembic_version", "--file=-", str(archive))
    found = _REVISION.search(told)
    return found[1] if found else ""


def load(url: str, archive: Path, *, instead_of: Sequence[str]) -> None:
    """Put the archive in the place of these tables, in one transaction: all of it, or nothing.

    The end of the transaction is only said when all of the archive was read; what dies before leaves nothing.
    Raises InputError, ConfigError or UnavailableError.
    """
    reading = [_found("pg_restore"), "--no-owner", "--no-privileges", "--file=-", str(archive)]
    writing = [_found("psql"), "-X", "-q", "-v", "ON_ERROR_STOP=1", "--dbname", _address(url)]
    tables = ", ".join(f'"{table}"' for table in instead_of)
    with TemporaryFile() as read_errors, TemporaryFile() as write_errors:
        pipe, nowhere = subprocess.PIPE, subprocess.DEVNULL
        psql = subprocess.Popen(  # noqa: S603  # our own arguments
            writing, stdin=pipe, stdout=nowhere, stderr=write_errors, env=_environment(url)
        )
        pg_restore = subprocess.Popen(  # noqa: S603  # our own arguments
            reading, stdin=nowhere, stdout=pipe, stderr=read_errors, env=_environment("")
        )
        assert psql.stdin is not None
        assert pg_restore.stdout is not None
        stopped = False
        try:
            try:
                with psql.stdin as script:
                    script.write(f"BEGIN;\nDROP TABLE IF EXISTS {tables} CASCADE;\n".encode())
                    shutil.copyfileobj(pg_restore.stdout, script)
                    if pg_restore.wait() == 0:
                        script.write(b"COMMIT;\n")
            except BrokenPipeError:
                # It says why.
                stopped = True
            pg_restore.stdout.close()
            psql.wait()
            pg_restore.wait()
        finally:
            for process in (psql, pg_restore):
                process.kill()
                process.wait()
        if stopped:
            # pg_restore can only complain of that.
            _judge("psql", psql.returncode, _said(write_errors, url))
        # Of an archive that ends in the middle, psql can only complain that it does.
        _judge("pg_restore", pg_restore.returncode, _said(read_errors, url))
        _judge("psql", psql.returncode, _said(write_errors, url))


# ---------------------------------------------------------------- running them


def _run(url: str, name: str, *arguments: str) -> str:
    """What it says on standard output."""
    with TemporaryFile() as errors:
        done = subprocess.run(  # noqa: S603  # our own arguments
            [_found(name), *arguments],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=errors,
            env=_environment(url),
            check=False,
        )
        _judge(name, done.returncode, _said(errors, url))
    return done.stdout.decode("utf-8", "replace")


def _found(name: str) -> str:
    path = shutil.which(name)
    if path is None:
        raise ConfigError(
            f"{name} is not on PATH",
            remedy="install PostgreSQL's client programs (postgresql-client), not older than the server",
        )
    return path


def _address(url: str) -> str:
    """The database as libpq wants it, without its password."""
    # `URL.set` would take None for "as it is".
    target = _parsed(url)._replace(password=None)
    return target.set(query=_without_secrets(target)).render_as_string(hide_password=False)


def _parsed(url: str) -> URL:
    return make_url(url).set(drivername="postgresql")


def _without_secrets(target: URL) -> dict[str, Sequence[str] | str]:
    return {name: value for name, value in target.query.items() if name not in ("password", "sslpassword")}


def _password(url: str) -> str:
    if not url:
        return ""
    target = _parsed(url)
    given = target.query.get("password", "")
    return target.password or (given if isinstance(given, str) else given[-1])


def _environment(url: str) -> dict[str, str]:
    password = _password(url)
    # Their words are looked through for what they mean.
    plain = os.environ | {"PGCONNECT_TIMEOUT": "10", "PGAPPNAME": "claimwatch backup", "LC_MESSAGES": "C"}
    return plain | ({"PGPASSWORD": password} if password else {})


def _said(errors: IO[bytes], url: str) -> str:
    """The end of what it complained of, without the password."""
    errors.seek(0)
    words = " ".join(errors.read().decode("utf-8", "replace").split())[-_MOST_WORDS:]
    password = _password(url)
    return words.replace(password, "…") if password else words


def _judge(name: str, code: int, words: str) -> None:
    if code == 0:
        return
    raise _explained(name, words or f"it ended with {code}")


def _explained(name: str, words: str) -> ClaimwatchError:
    if "server version mismatch" in words or "unsupported version" in words:
        return ConfigError(
            f"{name} is older than what it works with: {words}",
            remedy="install PostgreSQL's client programs of the server's version or newer, first on PATH",
        )
    if "connection to server" in words or "could not connect" in words:
        return UnavailableError(
            f"{name} cannot reach the database: {words}", remedy="is it running and reachable?"
        )
    if "input file" in words or "could not read" in words or "valid archive" in words:
        return InputError(f"{name} cannot read the backup: {words}", remedy="take another backup")
    return UnavailableError(f"{name} failed: {words}", remedy="nothing was changed; what it says tells why")

"""The last good rules of each folder, so that they outlive the processes that used them.

They are kept in the ledger and not in the data folder: a container that is started anew has an empty data
folder, and a machine that was never there before should start with what the others use.
"""

from __future__ import annotations

import hashlib
import json
import zlib
from collections.abc import Mapping
from datetime import datetime
from pathlib import Path

from sqlalchemy import LargeBinary, Table, select
from sqlalchemy.dialects import postgresql, sqlite
from sqlmodel import Field

from monitor.core.rules.kept import KeptRules
from monitor.store.columns import SafeText, UtcDateTime
from monitor.store.database import Database, database_now
from monitor.store.tables import Row, metadata


class KeptRulesRow(Row, table=True):
    __tablename__ = "kept_rules"

    # The folder's whole path: two folders on one ledger are two.
    folder: str = Field(sa_type=SafeText, primary_key=True)
    version: str = Field(sa_type=SafeText)
    # Of the files; tells whether anything in them changed.
    digest: str = Field(sa_type=SafeText)
    # JSON of path → text, compressed.
    files: bytes = Field(sa_type=LargeBinary)
    kept_at: datetime = Field(sa_type=UtcDateTime)


_table: Table = metadata.tables["kept_rules"]


def keep_rules(db: Database, *, folder: Path, version: str, files: Mapping[str, str]) -> bool:
    """Keep these files as the last good ones of the folder; False where they are kept already.

    Of a receiver's secret only its `${NAME}` is kept, as the file has it.
    """
    written = json.dumps(files, sort_keys=True).encode()
    digest = hashlib.blake2b(written, digest_size=16).hexdigest()
    name = _name(folder)
    with db.read() as connection:
        if connection.scalar(select(_table.c.digest).where(_table.c.folder == name)) == digest:
            return False
    insert = postgresql.insert if db.dialect == "postgresql" else sqlite.insert
    with db.write() as connection:
        row = {
            "version": version,
            "digest": digest,
            "files": zlib.compress(written),
            "kept_at": database_now(connection),
        }
        connection.execute(
            insert(_table)
            .values(folder=name, **row)
            .on_conflict_do_update(index_elements=["folder"], set_=row)
        )
    return True


def kept_rules(db: Database, folder: Path) -> KeptRules | None:
    """The last good rules of the folder; None: no process ever used any from there."""
    with db.read() as connection:
        row = connection.execute(select(_table).where(_table.c.folder == _name(folder))).one_or_none()
    if row is None:
        return None
    files: dict[str, str] = json.loads(zlib.decompress(row.files))
    return KeptRules(files=files, version=row.version, kept_at=row.kept_at)


def _name(folder: Path) -> str:
    return str(folder.absolute())

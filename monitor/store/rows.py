"""What every table is made of: keys, references, texts and times that mean the same on both databases."""

from __future__ import annotations

from typing import Any, ClassVar

from sqlalchemy import JSON, Double, ForeignKey, Index, MetaData, text
from sqlmodel import Field, SQLModel

from monitor.store.columns import Id, SafeText, UtcDateTime

metadata = MetaData(
    naming_convention={
        "pk": "pk_%(table_name)s",
        "fk": "fk_%(table_name)s_%(column_0_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    }
)


class Row(SQLModel):
    """What all tables share."""

    metadata: ClassVar[MetaData] = metadata


def key() -> Any:
    return Field(default=None, primary_key=True, sa_type=Id)


def ref(target: str, *, nullable: bool = False, primary_key: bool = False) -> Any:
    return Field(sa_type=Id, sa_column_args=[ForeignKey(target)], nullable=nullable, primary_key=primary_key)


def words(**options: Any) -> Any:
    return Field(sa_type=SafeText, **options)


def time(*, nullable: bool = False) -> Any:
    return Field(default=None, sa_type=UtcDateTime, nullable=nullable)


def json() -> Any:
    return Field(sa_type=JSON, nullable=False)


def real() -> Any:
    return Field(sa_type=Double, nullable=False)


def partial(name: str, *columns: str, where: str) -> Index:
    return Index(name, *columns, sqlite_where=text(where), postgresql_where=text(where))

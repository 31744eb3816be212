"""The tables of who is told what; `tables` has the ledger on one screen."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, Index, Table, UniqueConstraint
from sqlmodel import Field

from monitor.store.columns import Id
from monitor.store.rows import Row, json, key, metadata, partial, real, ref, time, words


class AlertRow(Row, table=True):
    __tablename__ = "alert"
    __table_args__ = (
        Index(None, "created_at", "id"),
        Index(None, "conflict"),
        # The deliverer asks for these a few times a minute, and of a large ledger they are few.
        partial("ix_alert_health", "conflict", where="kind = 'health'"),
    )

    id: int | None = key()
    fingerprint: str = words(unique=True)
    kind: str = words()
    severity: str = words()
    headline: str = words()
    reason: str = words()
    rules: list[str] = json()
    labels: dict[str, str] = json()
    conflict: str = words()
    suppressed: str | None = words(nullable=True)
    # It is not sent before; None: at once.
    not_before: datetime | None = time(nullable=True)
    # The article version that raised it; None: no article did.
    version_id: int | None = ref("article_version.id", nullable=True)
    created_at: datetime = time()


class AlertClaimRow(Row, table=True):
    __tablename__ = "alert_claim"
    __table_args__ = (Index(None, "claim_id"),)

    alert_id: int = ref("alert.id", primary_key=True)
    claim_id: int = ref("claim.id", primary_key=True)
    # 0 is left.
    place: int = Field()


class AlertRuleRow(Row, table=True):
    __tablename__ = "alert_rule"
    __table_args__ = (Index(None, "rule_id", "alert_id"),)

    alert_id: int = ref("alert.id", primary_key=True)
    rule_id: str = words(primary_key=True)


class AlertWaitingRow(Row, table=True):
    __tablename__ = "alert_waiting"
    __table_args__ = (Index(None, "alert_id"),)

    thread: str = words(primary_key=True)
    alert_id: int = ref("alert.id", primary_key=True)
    # How many origins the thread needs.
    origins: int = Field()


class NotificationRow(Row, table=True):
    __tablename__ = "notification"
    __table_args__ = (
        UniqueConstraint("alert_id", "receiver"),
        Index(None, "message_id"),
        Index(None, "receiver", "message_kind", "message_at"),
        partial("ix_notification_open", "receiver", "group_key", where="state = 'waiting'"),
        partial("ix_notification_due", "due_at", "id", where="state = 'waiting'"),
        partial("ix_notification_dead", "id", where="state = 'dead'"),
        Index(None, "silence_id"),
    )

    id: int | None = key()
    alert_id: int = ref("alert.id")
    # Empty: no route takes the alert.
    receiver: str = words()
    idempotency_key: str = words(unique=True)
    # "waiting" | "joined" (to the message of another) | "sent" | "suppressed" | "dead"
    state: str = words()
    # A Suppression or the last DeliveryReason.
    reason: str | None = words(nullable=True)
    detail: str = words()
    # A Restraint, its rule and group aside; None: none.
    restraint: dict[str, Any] | None = Field(default=None, sa_type=JSON, nullable=True)
    rule: str | None = words(default=None, nullable=True)
    group_key: str | None = words(default=None, nullable=True)
    # The notification whose message carries this one, itself included; None: no message has it yet.
    message_id: int | None = Field(default=None, sa_type=Id, nullable=True)
    # "alert" | "group" | "digest" where a message goes out under this one's key, and since when.
    message_kind: str | None = words(default=None, nullable=True)
    message_at: datetime | None = time(nullable=True)
    # Of a digest, why there is one.
    message_why: str | None = words(default=None, nullable=True)
    # Name of the route's template; None: the built-in text.
    template: str | None = words(default=None, nullable=True)
    attempts: int = Field()
    # Takes in a row that left no attempt behind: their deliverers died.
    unrecorded: int = Field()
    due_at: datetime = time()
    token: str | None = words(nullable=True)
    created_at: datetime = time()
    sent_at: datetime | None = time(nullable=True)
    # The silence that holds it.
    silence_id: int | None = Field(default=None, sa_type=Id, nullable=True)


class AttemptRow(Row, table=True):
    __tablename__ = "attempt"

    notification_id: int = ref("notification.id", primary_key=True)
    number: int = Field(primary_key=True)
    reason: str = words()
    detail: str = words()
    status: int | None = Field(nullable=True)
    latency_s: float = real()
    created_at: datetime = time()


alert: Table = metadata.tables["alert"]
alert_claim: Table = metadata.tables["alert_claim"]
alert_rule: Table = metadata.tables["alert_rule"]
alert_waiting: Table = metadata.tables["alert_waiting"]
notification: Table = metadata.tables["notification"]
attempt: Table = metadata.tables["attempt"]

"""Inner functions: the practice's habits with statements, kept as settings."""

from __future__ import annotations

import json
from dataclasses import fields
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.domain.errors import Invalid
from app.domain.statement_policy import CountReset, StatementPolicy, check_policy
from app.models.people import Setting

_PREFIX = "statement_"


def read_policy(session: Session) -> StatementPolicy:
    """The habits as set, the standard ones where nothing was; one query."""
    keys = [_PREFIX + field.name for field in fields(StatementPolicy)]
    rows = session.execute(select(Setting.key, Setting.value).where(Setting.key.in_(keys)))
    values: dict[str, Any] = {key.removeprefix(_PREFIX): json.loads(value) for key, value in rows}
    for name in ("messages", "letter"):
        if name in values:
            values[name] = tuple(values[name])
    if "count_reset" in values:
        values["count_reset"] = CountReset(values["count_reset"])
    return StatementPolicy(**values)


def save_policy(session: Session, policy: StatementPolicy) -> None:
    """Keeps every habit.

    Raises:
        Invalid: with a sentence for each field.
    """
    findings = check_policy(policy)
    if findings:
        raise Invalid(findings)
    for field in fields(StatementPolicy):
        value = json.dumps(getattr(policy, field.name))
        session.merge(Setting(key=_PREFIX + field.name, value=value))

"""Inner functions: the practice's rules about its own money, kept as settings."""

from __future__ import annotations

import json
from dataclasses import asdict, fields

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.domain.errors import Invalid
from app.domain.money_rules import MoneyRules, check_rules
from app.models.people import Setting


def read_rules(session: Session) -> MoneyRules:
    """The rules as set, the standard ones where nothing was; one query."""
    keys = [field.name for field in fields(MoneyRules)]
    rows = session.execute(select(Setting.key, Setting.value).where(Setting.key.in_(keys)))
    return MoneyRules(**{key: json.loads(value) for key, value in rows})


def save_rules(session: Session, rules: MoneyRules) -> None:
    """Keeps every rule.

    Raises:
        Invalid: with a sentence for each field.
    """
    findings = check_rules(rules)
    if findings:
        raise Invalid(findings)
    for key, value in asdict(rules).items():
        session.merge(Setting(key=key, value=json.dumps(value)))

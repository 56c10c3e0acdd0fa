"""Lets tests reach databases that are made while they run."""

from __future__ import annotations

import pytest
from django.db.backends.base.base import BaseDatabaseWrapper
from pytest_django.plugin import DjangoDbBlocker


@pytest.fixture(autouse=True)
def every_database(transactional_db: None, django_db_blocker: DjangoDbBlocker, monkeypatch: pytest.MonkeyPatch) -> None:
    """Allow connections to any alias; Django's test cases allow those of the settings alone."""
    monkeypatch.setattr(BaseDatabaseWrapper, "ensure_connection", django_db_blocker._real_ensure_connection)

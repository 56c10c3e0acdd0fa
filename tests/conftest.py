"""What every test relies on."""

import os
from collections.abc import Iterator

import pytest
from django.core.cache import caches
from hypothesis import settings
from rest_framework.test import APIClient

# In CI the same examples each time, so that a failure belongs to the change that shows it. Elsewhere new
# ones, to find more. Never a deadline: two suites share two cores.
settings.register_profile("house", deadline=None, derandomize="CI" in os.environ, print_blob=True)
settings.load_profile("house")


@pytest.fixture(autouse=True)
def empty_caches() -> Iterator[None]:
    """Start each test with nothing remembered from the one before."""
    yield
    for cache in caches.all(initialized_only=True):
        cache.clear()


@pytest.fixture
def api() -> APIClient:
    """Ask the server as an anonymous reader would."""
    return APIClient()

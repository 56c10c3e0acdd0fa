"""The server as it is, with one address more: the floor."""

from incidents_api.settings import *  # noqa: F403

ROOT_URLCONF = "tests.benchmarks.urls"

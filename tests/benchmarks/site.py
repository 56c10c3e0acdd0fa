"""The server as it is, with one address more: the floor."""

from incidents_api.settings import *  # noqa: F403 - settings are made from settings

ROOT_URLCONF = "tests.benchmarks.urls"

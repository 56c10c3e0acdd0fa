"""An attacker who knows all that is public does no better than chance at telling where held-back incidents happened.

Each trial is a pair of databases that differ in the secret alone. Where the answers to all that an attacker asks are
the same in both, the attacker is right in exactly one of them, whatever the attack makes of the answers: chance. The
same attacks find the secret where nothing is held back, so they do ask for what would tell it.
"""

from __future__ import annotations

import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from math import sqrt
from pathlib import Path
from random import Random
from statistics import median
from typing import Any

import pytest
from django.db import transaction

from tests import factories
from tests.disclosure.attacks import Reader, attacks
from tests.disclosure.loading import load_new_names
from tests.disclosure.world import LEVELS, World, forget_answers, targets
from tests.query.world import clock

pytestmark = pytest.mark.django_db

SIZES = [2, pytest.param(200, marks=pytest.mark.slow)]
"""Incidents at each level."""


@contextmanager
def database(number: int, bits: Mapping[str, int], *, open_too: bool = False) -> Iterator[Reader]:
    """A world of its own, and a reader of it; nothing of it stays."""
    for name in ("Incident", "Location", "Source", "Actor", "Dataset", "Report"):
        getattr(factories, f"{name}Factory").reset_sequence(0, force=True)
    with clock(), transaction.atomic():
        forget_answers()
        World(targets(number), bits, open_too=open_too)
        load_new_names(targets(number), bits, prefix="other-" if open_too else "")
        yield Reader()
        transaction.set_rollback(True)


def secret(number: int, seed: str) -> dict[str, int]:
    chance = Random(seed)
    return {target.id: chance.randint(0, 1) for target in targets(number)}


def flipped(bits: Mapping[str, int]) -> dict[str, int]:
    return {name: 1 - bit for name, bit in bits.items()}


@pytest.fixture(autouse=True)
def var(settings: Any, tmp_path: Path) -> None:
    settings.VAR_DIR = tmp_path
    settings.PUBLIC_URL = "https://incidents.example.org"


@pytest.mark.parametrize("number", SIZES)
def test_every_attack_is_right_in_one_of_two_databases_that_differ_in_the_secret(number: int, seed: str) -> None:
    bits = secret(number, seed)
    right = dict.fromkeys(attacks(), 0.0)
    told = []
    for world in (bits, flipped(bits)):
        with database(number, world) as reader:
            for channel, attack in attacks().items():
                for target in targets(number):
                    belief = attack(reader, target)
                    right[channel] += 0.5 if belief is None else belief == world[target.id]
            told.append(reader.answers)
    trials = 2 * len(bits)
    assert {channel: score / trials for channel, score in right.items()} == dict.fromkeys(attacks(), 0.5)
    # Status, body and ETag of everything that was asked: the attacks above are not all that could be made of them.
    different = [address for address in {**told[0], **told[1]} if told[0].get(address) != told[1].get(address)]
    assert different == []
    assert len(told[0]) > 50 * number


def test_the_same_attacks_find_the_secret_where_nothing_is_held_back(seed: str) -> None:
    number = 2
    bits = secret(number, seed)
    best = dict.fromkeys(attacks(), 0.0)
    with database(number, bits, open_too=True) as reader:
        for channel, attack in attacks().items():
            for level in LEVELS:
                beliefs = [(attack(reader, each), bits[each.id]) for each in targets(number) if each.level == level]
                score = sum(0.5 if belief is None else belief == bit for belief, bit in beliefs) / len(beliefs)
                best[channel] = max(best[channel], score)
    assert best == dict.fromkeys(attacks(), 1.0)


@pytest.mark.slow
def test_the_time_of_an_answer_tells_no_more_than_chance(seed: str) -> None:
    """Which of two candidates a search takes longer for; the bound is four standard deviations of chance."""
    number, right = 40, 0
    bits = secret(number, seed)
    for world in (bits, flipped(bits)):
        with database(number, world) as reader:
            for target in targets(number):
                times = [
                    median(_seconds(reader, f"incidents/?id={target.id}&q={each.name}&n={n}") for n in range(5))
                    for each in target.candidates
                ]
                right += (times[1] > times[0]) == world[target.id]
    trials = 2 * len(bits)
    assert abs(right / trials - 0.5) <= 4 * sqrt(0.25 / trials)


def _seconds(reader: Reader, address: str) -> float:
    address = address.partition("&n=")[0]
    reader.answers.pop(address, None)
    began = time.perf_counter()
    reader.text(address)
    return time.perf_counter() - began

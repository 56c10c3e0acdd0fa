"""Which actors and tags stay on incidents whose place or date is coarsened is said in their forms."""

from __future__ import annotations

import pytest
from django.test import Client

from incidents.models import Actor, Dataset
from tests.admin.pages import change_url, send
from tests.factories import ActorFactory, DatasetFactory

pytestmark = pytest.mark.django_db


def test_an_actor_keeps_its_name_where_the_box_is_ticked(admin_client: Client) -> None:
    actor = ActorFactory()
    page = admin_client.get(change_url(actor)).content.decode()
    assert 'type="checkbox" name="safe_when_generalised"' in page
    assert "only for actors that are active in far more than one place" in page.lower()
    send(admin_client, change_url(actor), remark="A remark.")
    assert not Actor.objects.get().safe_when_generalised
    send(admin_client, change_url(actor), safe_when_generalised="on")
    assert Actor.objects.get().safe_when_generalised


def test_the_tags_that_stay_are_entered_with_commas(admin_client: Client) -> None:
    dataset = DatasetFactory()
    page = admin_client.get(change_url(dataset)).content.decode()
    assert "Tags that stay" in page
    assert "Separate them with commas." in page
    send(admin_client, change_url(dataset), safe_tags="Night,  market day, night")
    assert Dataset.objects.get().safe_tags == ["night", "market day"]
    send(admin_client, change_url(dataset), safe_tags="")
    assert not Dataset.objects.get().safe_tags


def test_an_actor_cannot_be_given_an_id_that_stands_for_one_without_a_name(admin_client: Client) -> None:
    actor = ActorFactory()
    response = send(admin_client, change_url(actor), public_id="withheld-partisans")
    assert "stand for names that are withheld" in response.content.decode()
    assert Actor.objects.get().public_id == actor.public_id


def test_an_id_made_of_a_name_is_none_that_stands_for_another(admin_client: Client) -> None:
    url = change_url(ActorFactory()).replace(f"{Actor.objects.get().pk}/change/", "add/")
    send(admin_client, url, name="Withheld partisans", kind="partisans")
    assert Actor.objects.filter(public_id="name-withheld-partisans").exists()

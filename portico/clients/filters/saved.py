"""A list as it is meant: the view that the parameters name, and what they say themselves."""

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as _

from portico.clients.choices import PropertySubject
from portico.clients.filters.lists import OrganizationFilter, PersonFilter, filters_of
from portico.clients.guards import saved_lists, with_saved_list
from portico.kit.actors import Actor
from portico.kit.errors import NotThere, Refused


def organizations_meant(actor: Actor, query: Mapping[str, Any]) -> OrganizationFilter:
    """The list of organizations that these parameters name, `view` included, read strictly.

    Raises Refused for a name or value that means nothing, an unknown view among them.
    """
    parameters = with_view(actor, PropertySubject.ORGANIZATION, query)
    return OrganizationFilter.read_strictly(parameters, me=actor.user_id)


def people_meant(actor: Actor, query: Mapping[str, Any]) -> PersonFilter:
    """The list of people that these parameters name; see `organizations_meant`."""
    parameters = with_view(actor, PropertySubject.PERSON, query)
    return PersonFilter.read_strictly(parameters, me=actor.user_id)


def with_view(actor: Actor, subject: PropertySubject, query: Mapping[str, Any]) -> dict[str, Any]:
    """The parameters that narrow and sort, those of the named view beneath the query's own."""
    if not query.get("view"):
        return filters_of(query)
    try:
        parameters, _view = with_saved_list(query, saved_lists(actor, subject))
    except NotThere as error:
        text = _("There is no such view.")
        raise Refused("unknown_value", text, field="view", status=400) from error
    return filters_of(parameters)

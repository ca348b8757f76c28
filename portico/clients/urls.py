"""Addresses of `clients`."""

from django.urls import URLPattern, path

from portico.clients.views import (
    additions,
    archived_hits,
    arrangement_dialogs,
    avatars,
    bulk,
    changes,
    deletions,
    details,
    duplicates,
    list_pages,
    locations,
    memberships,
    merging,
    organization_forms,
    organizations,
    people,
    person_forms,
    properties,
    tags,
)

_ORGANIZATIONS: list[URLPattern] = [
    path("organizations/", list_pages.organization_list, name="organizations.list"),
    path(
        "organizations/filter/",
        arrangement_dialogs.organizations_filter,
        name="organizations.filter",
    ),
    path(
        "organizations/columns/",
        arrangement_dialogs.organizations_columns,
        name="organizations.columns",
    ),
    path("organizations/new/", organization_forms.organization_new, name="organizations.new"),
    path(
        "organizations/archived/",
        archived_hits.organization_hits,
        name="organizations.archived_hits",
    ),
    path("organizations/read/", additions.organizations_read, name="organizations.read"),
    path(
        "organizations/choices/", organizations.organization_choices, name="organizations.choices"
    ),
    path("organizations/<uuid:id>/", organizations.organization_show, name="organizations.show"),
    path(
        "organizations/<uuid:id>/people/",
        organizations.organization_people,
        name="organizations.people",
    ),
    path(
        "organizations/<uuid:id>/history/",
        organizations.organization_history,
        name="organizations.history",
    ),
    path(
        "organizations/<uuid:id>/edit/",
        organization_forms.organization_edit,
        name="organizations.edit",
    ),
    path(
        "organizations/<uuid:id>/merge/",
        merging.organization_merge,
        name="organizations.merge",
    ),
    path(
        "organizations/<uuid:id>/not-a-duplicate/",
        duplicates.organization_tell_apart,
        name="organizations.tell_apart",
    ),
    path(
        "organizations/<uuid:id>/delete/",
        deletions.organization_delete,
        name="organizations.delete",
    ),
]

_DETAILS: list[URLPattern] = [
    path(
        "organizations/<uuid:id>/fields/<str:field>/",
        details.organization_field,
        name="organizations.field",
    ),
    path("people/<uuid:id>/fields/<str:field>/", details.person_field, name="people.field"),
]

_LOCATIONS: list[URLPattern] = [
    path(
        "organizations/<uuid:id>/locations/",
        locations.location_list,
        name="organizations.locations",
    ),
    path("organizations/<uuid:id>/locations/new/", locations.location_new, name="locations.new"),
    path("locations/<uuid:id>/edit/", locations.location_edit, name="locations.edit"),
    path("locations/<uuid:id>/close/", locations.location_close, name="locations.close"),
    path("locations/<uuid:id>/reopen/", locations.location_reopen, name="locations.reopen"),
]

_MEMBERSHIPS: list[URLPattern] = [
    path(
        "organizations/<uuid:id>/people/add/",
        memberships.organization_add_person,
        name="organizations.add_person",
    ),
    path("people/choices/", memberships.person_choices, name="people.choices"),
    path("people/<uuid:id>/move/", memberships.person_move, name="people.move"),
    path("people/<uuid:id>/memberships/new/", memberships.membership_new, name="memberships.new"),
    path("memberships/<uuid:id>/edit/", memberships.membership_edit, name="memberships.edit"),
    path(
        "memberships/<uuid:id>/primary/",
        memberships.membership_primary,
        name="memberships.primary",
    ),
    path("memberships/<uuid:id>/remove/", memberships.membership_remove, name="memberships.remove"),
]

_PEOPLE: list[URLPattern] = [
    path("avatars/<uuid:id>/", avatars.avatar_show, name="avatars.show"),
    path("people/", list_pages.person_list, name="people.list"),
    path("people/filter/", arrangement_dialogs.people_filter, name="people.filter"),
    path("people/columns/", arrangement_dialogs.people_columns, name="people.columns"),
    path("people/new/", person_forms.person_new, name="people.new"),
    path("people/archived/", archived_hits.person_hits, name="people.archived_hits"),
    path("people/read/", additions.people_read, name="people.read"),
    path("people/<uuid:id>/", people.person_show, name="people.show"),
    path("people/<uuid:id>/history/", people.person_history, name="people.history"),
    path("people/<uuid:id>/edit/", person_forms.person_edit, name="people.edit"),
    path("people/<uuid:id>/merge/", merging.person_merge, name="people.merge"),
    path("duplicates/", duplicates.duplicate_list, name="duplicates.list"),
    path(
        "people/<uuid:id>/not-a-duplicate/",
        duplicates.person_tell_apart,
        name="people.tell_apart",
    ),
    path("people/<uuid:id>/delete/", deletions.person_delete, name="people.delete"),
]

_SETTINGS: list[URLPattern] = [
    path("settings/tags/", tags.tag_list, name="tags.list"),
    path("settings/tags/new/", tags.tag_new, name="tags.new"),
    path("settings/tags/<uuid:id>/", tags.tag_edit, name="tags.edit"),
    path("settings/tags/<uuid:id>/merge/", tags.tag_merge, name="tags.merge"),
    path("settings/tags/<uuid:id>/delete/", tags.tag_delete, name="tags.delete"),
    path("tags/choices/", tags.tag_choices, name="tags.choices"),
    path("settings/properties/", properties.property_list, name="properties.list"),
    path("settings/properties/new/<slug:subject>/", properties.property_new, name="properties.new"),
    path("settings/properties/<uuid:id>/", properties.property_edit, name="properties.edit"),
    path(
        "settings/properties/<uuid:id>/archive/",
        properties.property_archive,
        name="properties.archive",
    ),
    path(
        "settings/properties/<uuid:id>/unarchive/",
        properties.property_unarchive,
        name="properties.unarchive",
    ),
    path("settings/properties/<uuid:id>/move/", properties.property_move, name="properties.move"),
]

urlpatterns: list[URLPattern] = [
    *changes.state_urls(),
    *bulk.bulk_urls(),
    *_ORGANIZATIONS,
    *_DETAILS,
    *_LOCATIONS,
    *_MEMBERSHIPS,
    *_PEOPLE,
    *_SETTINGS,
]

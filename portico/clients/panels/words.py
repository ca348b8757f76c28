"""What the fields of organizations and people are called, and how their events read."""

from collections.abc import Callable, Mapping

from django.utils.translation import gettext as _

from portico.history.reports import EventWords, PairWords, add_event_words, add_field_labels
from portico.ui.words import say, say_n

ORGANIZATION_LABELS: Mapping[str, Callable[[], str]] = {
    "name": lambda: say("Organization name"),
    "reference": lambda: _("Reference"),
    "description": lambda: _("Description"),
    "website": lambda: _("Website"),
    "address_street": lambda: _("Street"),
    "address_city": lambda: _("City"),
    "address_region": lambda: _("Region"),
    "address_postal_code": lambda: _("Postal code"),
    "address_country": lambda: _("Country"),
    "membership_end_date": lambda: say("Membership end date"),
    "is_active": lambda: _("Active"),
    "account_managers": lambda: _("Account managers"),
    "tags": lambda: _("Tags"),
}
"""What the fields of an organization are called, in forms and in History alike."""

PERSON_LABELS: Mapping[str, Callable[[], str]] = {
    "name": lambda: _("Name"),
    "given_name": lambda: _("Given name"),
    "family_name": lambda: _("Family name"),
    "email": lambda: _("E-mail"),
    "position": lambda: say("Position of a person"),
    "phone": lambda: _("Phone"),
    "reference": lambda: _("Reference"),
    "organization": lambda: say("Organization"),
    "avatar": lambda: _("Avatar"),
    "account_manager": lambda: _("Account manager"),
    "tags": lambda: _("Tags"),
}
"""What the fields of a person are called; Position is Title in the support desk (domain.md)."""

add_field_labels("organization", ORGANIZATION_LABELS)
add_field_labels("person", PERSON_LABELS)
add_field_labels(
    "organization", {"merged": lambda: _("Merged"), "archived_at": lambda: _("Archived")}
)
add_field_labels(
    "person",
    {
        "merged": lambda: _("Merged"),
        "is_disabled": lambda: _("Disabled"),
        "archived_at": lambda: _("Archived"),
    },
)
for _subject in ("organization", "person"):
    add_field_labels(_subject, {"told_apart": lambda: _("Not a duplicate of")})
add_field_labels("agent", {"avatar": PERSON_LABELS["avatar"]})

_EVENT_WORDS: Mapping[str, EventWords] = {
    "organization.created": EventWords(
        own=lambda: say("created this organization"),
        other=lambda name: say("created the organization %(name)s", name=name),
        many=lambda n: say_n("created %(n)s organization", "created %(n)s organizations", n),
    ),
    "organization.updated": EventWords(
        own=lambda: say("changed this organization"),
        other=lambda name: say("changed the organization %(name)s", name=name),
        many=lambda n: say_n("changed %(n)s organization", "changed %(n)s organizations", n),
    ),
    "organization.archived": EventWords(
        own=lambda: say("archived this organization"),
        other=lambda name: say("archived the organization %(name)s", name=name),
        many=lambda n: say_n("archived %(n)s organization", "archived %(n)s organizations", n),
    ),
    "organization.unarchived": EventWords(
        own=lambda: say("unarchived this organization"),
        other=lambda name: say("unarchived the organization %(name)s", name=name),
        many=lambda n: say_n("unarchived %(n)s organization", "unarchived %(n)s organizations", n),
    ),
    "organization.deleted": EventWords(
        own=lambda: say("deleted this organization"),
        other=lambda name: say("deleted the organization %(name)s", name=name),
    ),
    "person.created": EventWords(
        own=lambda: say("added this person"),
        other=lambda name: say("added the person %(name)s", name=name),
        many=lambda n: say_n("added %(n)s person", "added %(n)s people", n),
    ),
    "person.updated": EventWords(
        own=lambda: say("changed this person"),
        other=lambda name: say("changed the person %(name)s", name=name),
        many=lambda n: say_n("changed %(n)s person", "changed %(n)s people", n),
    ),
    "person.archived": EventWords(
        own=lambda: say("archived this person"),
        other=lambda name: say("archived the person %(name)s", name=name),
        many=lambda n: say_n("archived %(n)s person", "archived %(n)s people", n),
    ),
    "person.unarchived": EventWords(
        own=lambda: say("unarchived this person"),
        other=lambda name: say("unarchived the person %(name)s", name=name),
        many=lambda n: say_n("unarchived %(n)s person", "unarchived %(n)s people", n),
    ),
    "person.disabled": EventWords(
        own=lambda: say("disabled this person's sign-in"),
        other=lambda name: say("disabled the sign-in of the person %(name)s", name=name),
        many=lambda n: say_n(
            "disabled the sign-in of %(n)s person", "disabled the sign-in of %(n)s people", n
        ),
    ),
    "person.enabled": EventWords(
        own=lambda: say("enabled this person's sign-in"),
        other=lambda name: say("enabled the sign-in of the person %(name)s", name=name),
        many=lambda n: say_n(
            "enabled the sign-in of %(n)s person", "enabled the sign-in of %(n)s people", n
        ),
    ),
    "organization.merged": EventWords(
        own=lambda: say("merged another organization into this one"),
        other=lambda name: say("merged an organization into %(name)s", name=name),
        pair=PairWords(
            field="merged",
            own=lambda second: say(
                "merged the organization %(second)s into this one", second=second
            ),
            other=lambda name, second: say(
                "merged the organization %(second)s into %(name)s", second=second, name=name
            ),
        ),
    ),
    "organization.unmerged": EventWords(
        own=lambda: say("took the merge of this organization apart"),
        other=lambda name: say("took the merge of the organization %(name)s apart", name=name),
        pair=PairWords(
            field="merged",
            own=lambda second: say(
                "took the merge with the organization %(second)s apart", second=second
            ),
            other=lambda name, second: say(
                "took the merge of the organization %(name)s with %(second)s apart",
                name=name,
                second=second,
            ),
        ),
    ),
    "organization.told_apart": EventWords(
        own=lambda: say("said that this organization is no duplicate"),
        other=lambda name: say("said that the organization %(name)s is no duplicate", name=name),
    ),
    "organization.compared_again": EventWords(
        own=lambda: say("took back that this organization is no duplicate"),
        other=lambda name: say(
            "took back that the organization %(name)s is no duplicate", name=name
        ),
    ),
    "person.told_apart": EventWords(
        own=lambda: say("said that this person is no duplicate"),
        other=lambda name: say("said that the person %(name)s is no duplicate", name=name),
    ),
    "person.compared_again": EventWords(
        own=lambda: say("took back that this person is no duplicate"),
        other=lambda name: say("took back that the person %(name)s is no duplicate", name=name),
    ),
    "person.merged": EventWords(
        own=lambda: say("merged another person into this one"),
        other=lambda name: say("merged a person into %(name)s", name=name),
        pair=PairWords(
            field="merged",
            own=lambda second: say("merged the person %(second)s into this one", second=second),
            other=lambda name, second: say(
                "merged the person %(second)s into %(name)s", second=second, name=name
            ),
        ),
    ),
    "person.unmerged": EventWords(
        own=lambda: say("took the merge of this person apart"),
        other=lambda name: say("took the merge of the person %(name)s apart", name=name),
        pair=PairWords(
            field="merged",
            own=lambda second: say(
                "took the merge with the person %(second)s apart", second=second
            ),
            other=lambda name, second: say(
                "took the merge of the person %(name)s with %(second)s apart",
                name=name,
                second=second,
            ),
        ),
    ),
    "email.changed": EventWords(
        own=lambda: _("stopped the sign-in until the new address is confirmed"),
        other=lambda name: (
            _("stopped the sign-in of %(name)s until the new address is confirmed") % {"name": name}
        ),
    ),
}
for _kind, _words in _EVENT_WORDS.items():
    add_event_words(_kind, _words)

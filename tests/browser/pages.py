"""Every page of the product, as it stands on the stage of `stage.py`.

`PAGES` names each sight of a page: who opens which address, and what is pressed there. A view that
answers GET and stands neither here nor in `NO_PAGES` fails `test_every_page.py`.
"""

from tests.browser.looks import BAR, DIALOG, ERRORS, FACE, SUBMIT, TICK, TICK_TOO, Look
from tests.doors.routes import all_routes

NO_PAGES = {
    "api.openapi": "JSON for programs",
    "organizations.choices": "JSON for the combobox",
    "people.choices": "JSON for the combobox",
    "organizations.field": "one row of organizations.show",
    "people.field": "one row of people.show",
    "organizations.archived_hits": "the end of organizations.list",
    "people.archived_hits": "the end of people.list",
    "avatars.show": "an image",
    "documentation.picture": "an image",
    "tags.choices": "JSON for the field of tags",
    "views.counts": "the counts of the tabs above a list",
    "operations.progress": "the block of operations.show that changes",
    "operations.file": "a download",
    "imports.failures": "a download",
    "settings.accent": "the block of settings.appearance that changes",
    "accent.sheet": "a stylesheet",
    "settings.mail_test_state": "the block of settings.mail that changes",
    "account_reset_password_from_key": "a redirect to accounts.reset_password",
    "accounts.choice_link": "a redirect to accounts.choose_password",
}

_HOME = [
    Look(view="home", path="/", press=(FACE,), see=".p-menu[open]"),
    Look(view="home", path="/", press=("key:?",), see=DIALOG),
    Look(view="home", path="/", who="viewer"),
    Look(view="home", path="/nowhere/", status=404),
    Look(view="example_data.remove", path="/example-data/remove/"),
    Look(view="search", path="/search/"),
    Look(view="search", path="/search/?q=acme"),
    Look(view="search", path="/search/?q=zzz", who="viewer"),
    Look(view="home", path="/", press=("key:Control+k",), see="#p-palette [role=option]"),
    Look(view="help", path="/help/"),
    Look(view="documentation", path="/docs/"),
    Look(view="documentation.page", path="/docs/errors"),
    Look(view="settings.general", path="/settings/"),
    Look(
        view="settings.general",
        path="/settings/",
        press=("empty:#id_name", SUBMIT),
        see="[aria-invalid=true]",
    ),
    Look(view="settings.general", path="/settings/", who="viewer", status=403),
    Look(view="settings.words", path="/settings/words/"),
    Look(
        view="settings.words",
        path="/settings/words/",
        press=("input[value=partner]",),
        see=".p-words-changes",
    ),
    Look(view="settings.rules", path="/settings/rules/"),
    Look(view="settings.sign_in", path="/settings/sign-in/"),
    Look(view="settings.appearance", path="/settings/appearance/"),
    Look(view="settings.plan", path="/settings/plan/", who="viewer"),
    Look(view="tags.list", path="/settings/tags/"),
    Look(view="tags.new", path="/settings/tags/new/", press=(SUBMIT,), see=ERRORS),
    Look(view="tags.edit", path="/settings/tags/{tag}/"),
    Look(view="tags.merge", path="/settings/tags/{tag}/merge/"),
    Look(view="tags.delete", path="/settings/tags/{tag}/delete/"),
    Look(view="properties.list", path="/settings/properties/"),
    Look(view="properties.new", path="/settings/properties/new/organization/"),
    Look(view="properties.edit", path="/settings/properties/{property}/"),
    Look(view="properties.archive", path="/settings/properties/{property}/archive/"),
    Look(view="settings.mail", path="/settings/mail/"),
    Look(view="settings.mail", path="/settings/mail/", has_mail=True),
    Look(view="settings.outbox", path="/settings/outbox/"),
    Look(view="settings.outbox", path="/settings/outbox/?state=cancelled"),
]

_ORGANIZATIONS = [
    Look(view="organizations.list", path="/organizations/"),
    Look(view="organizations.list", path="/organizations/", press=(TICK, TICK_TOO), see=BAR),
    Look(
        view="organizations.list",
        path="/organizations/",
        press=(".p-tools .p-menu:nth-of-type(1) > summary",),
        see=".p-menu[open]",
    ),
    Look(view="organizations.list", path="/organizations/?q=zzz"),
    Look(view="organizations.list", path="/organizations/?state=archived"),
    Look(view="organizations.list", path="/organizations/", press=("key:c",), see=DIALOG),
    Look(
        view="organizations.list",
        path="/organizations/",
        press=("key:c", f"{DIALOG} footer .p-button-primary"),
        see=f"{DIALOG} [aria-invalid=true]",
    ),
    Look(
        view="organizations.list",
        path="/organizations/",
        press=(TICK, f"{BAR} .p-bulk-verb"),
        see=DIALOG,
    ),
    Look(view="organizations.new", path="/organizations/new/"),
    Look(view="organizations.new", path="/organizations/new/", press=(SUBMIT,), see=ERRORS),
    Look(view="organizations.show", path="/organizations/{acme}/"),
    Look(view="organizations.show", path="/organizations/{bare}/"),
    Look(view="organizations.show", path="/organizations/{gone}/"),
    Look(view="organizations.show", path="/organizations/{unknown}/", status=404),
    Look(
        view="organizations.show",
        path="/organizations/{acme}/",
        press=("main .p-menu > summary",),
        see=".p-menu[open]",
    ),
    Look(
        view="organizations.show",
        path="/organizations/{acme}/",
        press=("main .p-menu > summary", ".p-menu[open] [hx-get*='/delete/']"),
        see=DIALOG,
    ),
    Look(view="organizations.people", path="/organizations/{acme}/people/"),
    Look(view="organizations.people", path="/organizations/{bare}/people/"),
    Look(view="organizations.history", path="/organizations/{acme}/history/"),
    Look(view="organizations.services", path="/organizations/{acme}/services/"),
    Look(view="organizations.services", path="/organizations/{bare}/services/", who="viewer"),
    Look(view="services.list", path="/services/"),
    Look(view="services.list", path="/services/", press=("key:c",), see=DIALOG),
    Look(
        view="services.list",
        path="/services/",
        press=("tbody .p-menu > summary",),
        see=".p-menu[open]",
    ),
    Look(view="services.new", path="/services/new/", press=(SUBMIT,), see=ERRORS),
    Look(view="services.edit", path="/services/{service}/edit/"),
    Look(view="organizations.edit", path="/organizations/{acme}/edit/"),
    Look(
        view="organizations.edit",
        path="/organizations/{acme}/edit/",
        press=("empty:#id_name", SUBMIT),
        see=ERRORS,
    ),
    Look(view="organizations.delete", path="/organizations/{acme}/delete/"),
    Look(view="organizations.delete", path="/organizations/{bare}/delete/"),
    Look(view="organizations.archive", path="/organizations/archive/?ids={acme}"),
    Look(view="organizations.unarchive", path="/organizations/unarchive/?ids={gone}"),
]

_PEOPLE = [
    Look(view="people.list", path="/people/"),
    Look(view="people.list", path="/people/", press=(TICK, TICK_TOO), see=BAR),
    Look(view="people.list", path="/people/?q=zzz"),
    Look(view="people.list", path="/people/?state=archived"),
    Look(view="people.list", path="/people/", press=("key:c",), see=DIALOG),
    Look(view="people.list", path="/people/", who="viewer"),
    Look(view="people.new", path="/people/new/?organization={acme}"),
    Look(view="people.new", path="/people/new/", press=(SUBMIT,), see=ERRORS),
    Look(view="people.show", path="/people/{guest}/"),
    Look(view="people.show", path="/people/{invited}/"),
    Look(view="people.show", path="/people/{off}/"),
    Look(
        view="people.show",
        path="/people/{guest}/",
        press=("main .p-menu > summary", ".p-menu[open] [hx-get*='/delete/']"),
        see=DIALOG,
    ),
    Look(view="people.history", path="/people/{invited}/history/"),
    Look(view="people.edit", path="/people/{guest}/edit/"),
    Look(
        view="people.edit",
        path="/people/{guest}/edit/",
        press=("empty:#id_email", SUBMIT),
        see=ERRORS,
    ),
    Look(view="people.delete", path="/people/{guest}/delete/"),
    Look(view="people.archive", path="/people/archive/?ids={guest}"),
    Look(view="people.unarchive", path="/people/unarchive/?ids={off}"),
    Look(view="people.disable", path="/people/disable/?ids={guest}"),
    Look(view="people.enable", path="/people/enable/?ids={off}"),
    Look(view="people.invite", path="/people/{plain}/invite/"),
    Look(view="organizations.invite", path="/organizations/{acme}/invite/"),
]

_MERGES = [
    Look(view="acts.list", path="/changes/"),
    Look(view="organizations.merge", path="/organizations/{acme}/merge/"),
    Look(
        view="organizations.merge",
        path="/organizations/{acme}/merge/?source={bare}",
        status=409,  # an import of the stage is running; the preview stands in test_records.py
    ),
    Look(view="people.merge", path="/people/{guest}/merge/"),
    Look(view="duplicates.list", path="/duplicates/"),
]

_BELONGING = [
    Look(view="organizations.locations", path="/organizations/{acme}/locations/"),
    Look(view="organizations.locations", path="/organizations/{bare}/locations/"),
    Look(view="organizations.locations", path="/organizations/{acme}/locations/?state=closed"),
    Look(view="locations.new", path="/organizations/{acme}/locations/new/"),
    Look(
        view="locations.new",
        path="/organizations/{acme}/locations/new/",
        press=(SUBMIT,),
        see=ERRORS,
    ),
    Look(view="locations.edit", path="/locations/{plant}/edit/"),
    Look(view="organizations.add_person", path="/organizations/{acme}/people/add/"),
    Look(view="memberships.new", path="/people/{guest}/memberships/new/"),
    Look(view="memberships.edit", path="/memberships/{membership}/edit/"),
    Look(view="memberships.remove", path="/memberships/{membership}/remove/"),
    Look(view="people.move", path="/people/{guest}/move/"),
    Look(
        view="organizations.show",
        path="/organizations/{acme}/",
        press=("[data-detail-edit]",),
        see=".p-detail-open",
    ),
]

_TEAM = [
    Look(view="agents.list", path="/team/"),
    Look(view="agents.list", path="/team/?view=archived"),
    Look(view="agents.show", path="/team/{viewer}/"),
    Look(view="agents.show", path="/team/{colleague}/"),
    Look(view="agents.invite", path="/team/invite/"),
    Look(view="agents.invite", path="/team/invite/", press=(SUBMIT,), see=ERRORS),
    Look(view="invitations.list", path="/team/invitations/"),
    Look(view="invitations.list", path="/team/invitations/?of=people"),
    Look(
        view="invitations.list",
        path="/team/invitations/?of=people",
        press=("tbody .p-menu > summary",),
        see=".p-menu[open]",
    ),
]

_IMPORTS = [
    Look(view="exports.new", path="/exports/new/?kind=organizations"),
    Look(view="imports.new", path="/imports/new/"),
    Look(view="imports.new", path="/imports/new/?kind=organizations", press=(SUBMIT,), see=ERRORS),
    Look(view="imports.mapping", path="/imports/{drafted}/mapping/"),
    Look(view="imports.mapping", path="/imports/{unmapped}/mapping/", press=(SUBMIT,)),
    Look(view="imports.check", path="/imports/{checked}/check/"),
    Look(view="imports.check", path="/imports/{checked}/check/?rows="),
    Look(view="imports.show", path="/imports/{done}/"),
    Look(view="imports.show", path="/imports/{undone}/"),
    Look(view="imports.show", path="/imports/{cancelled}/"),
    Look(view="imports.show", path="/imports/{running}/", see="progress"),
    Look(view="imports.undo", path="/imports/{done}/undo/"),
    Look(view="operations.list", path="/operations/"),
    Look(view="operations.list", path="/operations/", who="viewer"),
    Look(view="operations.show", path="/operations/{done}/"),
    Look(view="operations.show", path="/operations/{running}/", see="progress"),
]

_ACCOUNT = [
    Look(view="accounts.show", path="/account/"),
    Look(
        view="accounts.show",
        path="/account/",
        press=("empty:#id_name", "#profile .p-button-primary"),
        see=ERRORS,
    ),
    Look(view="account_change_password", path="/accounts/password/change/"),
    Look(
        view="account_change_password",
        path="/accounts/password/change/",
        press=(SUBMIT,),
        see=ERRORS,
    ),
    Look(view="account_reauthenticate", path="/accounts/reauthenticate/"),
]

_PORTAL = [
    Look(view="portal.home", path="/portal/", who="guest"),
    Look(view="portal.home", path="/portal/", who="member"),
    Look(view="portal.home", path="/portal/", who="guest", press=(FACE,), see=".p-menu[open]"),
    Look(view="portal.home", path="/portal/", who="loner"),
    Look(view="portal.locations", path="/portal/locations/", who="member"),
    Look(view="portal.closed", path="/portal/closed/", who="ended"),
    Look(view="accounts.show", path="/account/", who="guest"),
    Look(
        view="account_change_password",
        path="/accounts/password/change/",
        who="guest",
        press=(SUBMIT,),
        see=ERRORS,
    ),
    Look(view="organizations.list", path="/organizations/", who="guest", status=404),
]

_ARRANGING = [
    Look(view="organizations.filter", path="/organizations/filter/?q=acme"),
    Look(view="organizations.filter", path="/organizations/filter/?field=people_count&value=many"),
    Look(view="people.filter", path="/people/filter/?field=organization"),
    Look(view="people.filter", path="/people/", press=("key:f",), see=DIALOG),
    Look(view="organizations.columns", path="/organizations/columns/"),
    Look(view="people.columns", path="/people/columns/"),
    Look(view="organizations.list", path="/organizations/?people_count.gte=0&tag.empty=no"),
    Look(view="views.new", path="/views/new/?list=organizations&q=acme"),
    Look(view="views.edit", path="/views/{view}/edit/?list=organizations&q=acme"),
    Look(view="organizations.list", path="/organizations/?view={view}"),
    Look(view="organizations.tag", path="/organizations/tag/?ids={acme}"),
    Look(view="organizations.assign", path="/organizations/assign/?ids={acme}"),
    Look(view="organizations.extend", path="/organizations/extend/?ids={acme}"),
    Look(view="organizations.export", path="/organizations/export/?ids={acme}"),
    Look(view="people.tag", path="/people/tag/?ids={plain}"),
    Look(view="people.assign", path="/people/assign/?ids={plain}"),
    Look(view="people.export", path="/people/export/?ids={plain}"),
    Look(view="people.resend", path="/people/resend/?ids={plain}"),
    Look(view="people.cancel_invitations", path="/people/cancel-invitations/?ids={plain}"),
]

_GATE = [
    Look(view="account_login", path="/accounts/login/", who="nobody"),
    Look(view="account_login", path="/accounts/login/", who="nobody", press=(SUBMIT,), see=ERRORS),
    Look(view="account_login", path="/nowhere/", who="nobody", status=404),
    Look(view="account_reset_password", path="/accounts/password/reset/", who="nobody"),
    Look(
        view="account_reset_password",
        path="/accounts/password/reset/",
        who="nobody",
        press=(SUBMIT,),
        see=ERRORS,
    ),
    Look(view="account_reset_password_done", path="/accounts/password/reset/done/", who="nobody"),
    Look(view="accounts.reset_password", path="{reset}", who="nobody"),
    Look(view="accounts.reset_password", path="{reset}", who="nobody", press=(SUBMIT,), see=ERRORS),
    Look(view="accounts.reset_password", path="{dead_reset}", who="nobody", status=410),
    Look(view="accounts.choose_password", path="{choice}", who="nobody"),
    Look(view="accounts.choose_password", path="{dead_choice}", who="nobody", status=410),
    Look(view="invitations.accept", path="{link}", who="nobody"),
    Look(view="invitations.accept", path="{link}", who="nobody", press=(SUBMIT,), see=ERRORS),
    Look(view="invitations.accept", path="{link}", who="guest"),
    Look(view="invitations.accept", path="{joining}", who="member"),
    Look(view="invitations.accept", path="{joining}", who="nobody"),
    Look(view="invitations.accept", path="{blocked}", who="nobody", status=410),
    Look(view="invitations.open", path="{expired}", who="nobody", status=410),
    Look(
        view="invitations.open",
        path="{expired}",
        who="nobody",
        press=("main form button",),
        status=410,
    ),
    Look(view="invitations.open", path="{cancelled_link}", who="nobody", status=410),
    Look(view="invitations.open", path="{replaced}", who="nobody", status=410),
    Look(view="invitations.open", path="/invite/" + "A" * 56 + "/", who="nobody", status=404),
]

PAGES: list[Look] = [
    *_HOME,
    *_ORGANIZATIONS,
    *_ARRANGING,
    *_MERGES,
    *_PEOPLE,
    *_BELONGING,
    *_TEAM,
    *_IMPORTS,
    *_ACCOUNT,
    *_PORTAL,
    *_GATE,
]

# On a machine without any workspace; nothing of the stage is there.
FIRST_RUN: list[Look] = [
    Look(view="setup.first_run", path="/", who="nobody", status=404),
    Look(view="setup.first_run", path="{first_run}", who="nobody"),
    Look(view="setup.first_run", path="{first_run}", who="nobody", press=(SUBMIT,), see=ERRORS),
]

# In a workspace in which nothing is yet.
EMPTY: list[Look] = [
    Look(view="home", path="/"),
    Look(view="organizations.list", path="/organizations/"),
    Look(view="people.list", path="/people/"),
    Look(view="invitations.list", path="/team/invitations/"),
    Look(view="operations.list", path="/operations/"),
    Look(view="settings.outbox", path="/settings/outbox/"),
    Look(view="setup.first_run", path="{first_run}", who="nobody", status=404),
]


def views_with_pages() -> set[str]:
    """The names of all views that answer GET, but for the API's."""
    return {route.name for route in all_routes() if not route.is_api and "GET" in route.policies}

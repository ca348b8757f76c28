"""Addresses of `workspaces`."""

from django.urls import URLPattern, path

from portico.workspaces.views import documentation, home, plans, search, settings, team, words

urlpatterns: list[URLPattern] = [
    path("", home.home, name="home"),
    path("home/dismiss-first-steps/", home.dismiss_first_steps, name="home.dismiss_first_steps"),
    path("search/", search.search, name="search"),
    path("help/", home.help_page, name="help"),
    path("docs/", documentation.start, name="documentation"),
    path("docs/<slug:file>", documentation.show, name="documentation.page"),
    path("docs/pictures/<slug:file>.png", documentation.picture, name="documentation.picture"),
    path("team/", team.agent_list, name="agents.list"),
    path("team/<uuid:id>/", team.agent_show, name="agents.show"),
    path("team/<uuid:id>/disable/", team.agent_disable, name="agents.disable"),
    path("team/<uuid:id>/enable/", team.agent_enable, name="agents.enable"),
    path("team/<uuid:id>/archive/", team.agent_archive, name="agents.archive"),
    path("team/<uuid:id>/unarchive/", team.agent_unarchive, name="agents.unarchive"),
    path("settings/", settings.general, name="settings.general"),
    path("settings/words/", words.words, name="settings.words"),
    path("settings/rules/", settings.rules, name="settings.rules"),
    path("settings/sign-in/", settings.sign_in, name="settings.sign_in"),
    path("settings/appearance/", settings.appearance, name="settings.appearance"),
    path("settings/appearance/preview/", settings.accent_preview, name="settings.accent"),
    path("settings/plan/", plans.show, name="settings.plan"),
    path("accent/<str:colour>.css", settings.accent_sheet, name="accent.sheet"),
]

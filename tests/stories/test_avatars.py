"""S2: avatars of people and agents, statement by statement (acceptance.md)."""

from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test.client import BOUNDARY, MULTIPART_CONTENT, encode_multipart

from portico.clients.models import Organization, Person
from portico.files.models import StoredFile
from portico.workspaces.choices import Preset
from portico.workspaces.models import Agent
from tests.factories.clients import make_organization, make_person
from tests.factories.images import image, opened
from tests.factories.keys import api_client
from tests.factories.workspaces import make_agent
from tests.stories.records import nothing_changes
from tests.stories.screen import Screen
from tests.stories.visitor import Program, Visitor, problem_of

LENA = {"name": "Lena Fischer", "email": "lena@acme.test"}
SVG = b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>'
GUARD = {
    "Cache-Control": "private, max-age=31536000, immutable",
    "X-Content-Type-Options": "nosniff",
}


@pytest.fixture
def preset() -> str:
    """An organization reads Organization, a person Client."""
    return Preset.AGENCY


def upload(content: bytes, name: str = "face.png", kind: str = "image/png") -> Any:
    return SimpleUploadedFile(name, content, content_type=kind)


def images(page: Screen) -> list[str]:
    return [node.get("src") for node in page.root.all("img")]


def avatar_address(person: Any) -> str:
    person.refresh_from_db()
    return f"/avatars/{person.avatar_id}/"


def test_s2_08_position_phone_and_avatar_may_stay_empty(agent: Visitor, acme: Organization) -> None:
    agent.open("/people/new/")
    agent.press("Create Client", **LENA, organization=str(acme.pk))
    lena = Person.objects.get(email=LENA["email"])
    assert (lena.position, lena.phone, lena.avatar) == ("", "", None)


@pytest.mark.parametrize(("form", "kind"), (("PNG", "image/png"), ("JPEG", "image/jpeg")))
def test_s2_09_a_jpg_and_a_png_are_accepted_and_shown(
    agent: Visitor, acme: Organization, form: str, kind: str
) -> None:
    agent.open("/people/new/")
    typed: Any = {**LENA, "organization": str(acme.pk), "position": "Lead", "phone": "+49 40 1"}
    sent = upload(image(form, size=(800, 600)), "face.bin", "application/octet-stream")
    page = agent.press("Create Client", **typed, avatar=sent)
    lena = Person.objects.get(email=LENA["email"])
    assert (lena.position, lena.phone) == ("Lead", "+49 40 1")
    assert images(page) == [avatar_address(lena)]
    assert images(agent.open("/people/")) == [avatar_address(lena)]
    answer = agent.browser.get(f"/avatars/{lena.avatar_id}/")
    assert (answer.status_code, answer["Content-Type"]) == (200, kind)
    assert {name: answer[name] for name in GUARD} == GUARD
    assert (opened(answer.content).format, opened(answer.content).size) == (form, (512, 384))


@pytest.mark.parametrize(
    ("content", "name", "sentence"),
    (
        (image("GIF"), "face.png", "This file is GIF; choose a JPG or PNG image."),
        (SVG, "face.png", "This file is SVG; choose a JPG or PNG image."),
        (b"no image at all", "face.png", "This is not an image in JPG or PNG format."),
        (image("PNG")[:60], "face.png", "This image is broken or not complete."),
        (b"", "face.png", None),
    ),
    ids=("gif", "svg", "text", "truncated", "empty"),
)
def test_s2_09_anything_else_is_refused_and_what_was_typed_is_kept(
    agent: Visitor,
    program: Program,
    acme: Organization,
    content: bytes,
    name: str,
    sentence: str | None,
) -> None:
    agent.open("/people/new/")
    typed: Any = {**LENA, "organization": str(acme.pk)}
    if sentence is not None:
        with nothing_changes():
            page = agent.press("Create Client", **typed, avatar=upload(content, name))
        assert (page.status, page.errors) == (422, {"avatar": sentence})
        assert page.fields(page.form_of(page.button("Create Client")))["name"] == [LENA["name"]]
    person = make_person("old@acme.test", organization=acme)
    with nothing_changes():
        answer = program.client.put(
            f"/api/v1/people/{person.pk}/avatar", content, content_type="image/png"
        )
    assert (answer.status_code, problem_of(answer)[2][0][0]) == (422, "/avatar")
    assert StoredFile.objects.count() == 0


def test_s2_09_a_file_over_the_size_limit_is_refused(
    agent: Visitor, program: Program, guest: Person
) -> None:
    large = image("PNG") + b"\0" * (5 * 1024 * 1024)
    with nothing_changes():
        page = agent.send(f"/people/{guest.pk}/edit/", {"avatar": upload(large)})
        answer = program.client.put(
            f"/api/v1/people/{guest.pk}/avatar", large, content_type="image/png"
        )
    assert page.status == 413
    assert problem_of(answer)[:2] == (413, "too_large")


def test_s2_21_the_avatar_is_changed_and_removed_by_editing(agent: Visitor, guest: Person) -> None:
    agent.open(f"/people/{guest.pk}/edit/")
    agent.press("Save changes", avatar=upload(image("PNG")))
    first = avatar_address(guest)
    assert guest.version == 2
    agent.open(f"/people/{guest.pk}/edit/")
    agent.press("Save changes", avatar=upload(image("JPEG")), position="Lead")
    guest.refresh_from_db()
    assert (avatar_address(guest) == first, guest.position) == (False, "Lead")
    agent.open(f"/people/{guest.pk}/edit/")
    agent.press("Save changes", remove_avatar="1")
    guest.refresh_from_db()
    assert guest.avatar is None
    history = agent.open(f"/people/{guest.pk}/history/")
    assert "Avatar" in history.text


def test_s2_21_a_stale_edit_takes_no_avatar(agent: Visitor, guest: Person) -> None:
    agent.open(f"/people/{guest.pk}/edit/")
    Person.objects.filter(pk=guest.pk).update(position="Chief", version=7)
    page = agent.press("Save changes", avatar=upload(image("PNG")))
    guest.refresh_from_db()
    assert (page.status, guest.avatar) == (409, None)


def test_s2_09_a_program_sets_reads_and_removes_an_avatar(program: Program, guest: Person) -> None:
    address = f"/api/v1/people/{guest.pk}/avatar"
    api = program.client
    assert program.get(f"people/{guest.pk}").json()["avatar_url"] is None
    assert api.get(address).status_code == 404
    answer = api.put(address, image("JPEG"), content_type="image/jpeg", headers={"if-match": '"1"'})
    assert (answer.status_code, answer["ETag"]) == (200, '"2"')
    url = answer.json()["avatar_url"]
    assert url.endswith(address)
    assert opened(api.get(address).content).format == "JPEG"
    stale = api.put(address, image("PNG"), content_type="image/png", headers={"if-match": '"1"'})
    assert problem_of(stale)[:2] == (412, "stale")
    assert api.delete(address).status_code == 428
    gone = program.delete(f"people/{guest.pk}/avatar", version=2)
    assert (gone.status_code, gone.json()["avatar_url"]) == (200, None)


def test_s2_09_a_program_may_send_a_form(program: Program, guest: Person) -> None:
    address = f"/api/v1/people/{guest.pk}/avatar"
    body = encode_multipart(BOUNDARY, {"avatar": upload(image("PNG"))})
    answer = program.client.put(address, body, content_type=MULTIPART_CONTENT)
    assert answer.status_code == 200
    body = encode_multipart(BOUNDARY, {"other": "x"})
    answer = program.client.put(address, body, content_type=MULTIPART_CONTENT)
    assert problem_of(answer) == (422, "required", [("/avatar", "required")])


def test_r_c31_an_avatar_is_shown_only_to_who_may_see_the_person(
    program: Program, guest: Person, acme: Organization
) -> None:
    program.client.put(f"/api/v1/people/{guest.pk}/avatar", image(), content_type="image/png")
    address = avatar_address(guest)
    birch = make_organization("Birch")
    blind = make_agent("blind@northstar.test", permissions=["view_jobs"])
    seeing = make_agent("seeing@northstar.test", permissions=["view_clients"])
    colleague = make_person("colleague@acme.test", organization=acme)
    stranger = make_person("stranger@birch.test", organization=birch)
    alone = make_person("alone@nowhere.test")
    seen = {
        who.email: Visitor(who).browser.get(address).status_code
        for who in (seeing, blind, guest, colleague, stranger, alone)
    }
    assert seen == {
        "seeing@northstar.test": 200,
        "blind@northstar.test": 404,
        "guest@acme.test": 200,
        "colleague@acme.test": 200,
        "stranger@birch.test": 404,
        "alone@nowhere.test": 404,
    }
    nobody = Visitor().browser.get(address)
    assert (nobody.status_code, nobody["Location"].startswith("/accounts/login/")) == (302, True)


def test_who_may_only_create_gives_the_new_person_an_avatar_and_changes_no_other(
    acme: Organization, guest: Person
) -> None:
    maker = make_agent("maker@northstar.test", permissions=["view_clients", "create_clients"])
    visitor = Visitor(maker)
    visitor.open("/people/new/")
    typed: Any = {**LENA, "organization": str(acme.pk)}
    visitor.press("Create Client", **typed, avatar=upload(image()))
    assert Person.objects.get(email=LENA["email"]).avatar is not None
    answer = api_client(maker).put(
        f"/api/v1/people/{guest.pk}/avatar", image(), content_type="image/png"
    )
    assert problem_of(answer)[:2] == (403, "permission_denied")


@pytest.mark.parametrize("who", ("agent", "person"))
def test_everybody_sets_and_removes_the_avatar_of_their_own_account(
    owner: Agent, guest: Person, who: str
) -> None:
    user: Any = owner if who == "agent" else guest
    visitor = Visitor(user)
    visitor.open("/account/")
    page = visitor.press("Save picture", avatar=upload(image("PNG")))
    assert images(page) == [avatar_address(user)] * 2
    page = visitor.press("Save picture", avatar=upload(SVG))
    assert page.status == 422
    assert "This file is SVG; choose a JPG or PNG image." in page.text
    page = visitor.press("Save picture", remove_avatar="1")
    user.refresh_from_db()
    assert (user.avatar, images(page)) == (None, [])

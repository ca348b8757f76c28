"""What the form of a new person proposes while somebody types: where they belong, look-alikes."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.http import QueryDict
from django.urls import reverse
from django.utils.translation import gettext as _

from portico.accounts.choices import UserKind
from portico.accounts.models import User
from portico.clients.choices import FREE_MAIL_DOMAINS
from portico.clients.models import Membership, Organization, Person
from portico.kit.actors import Actor
from portico.kit.addresses import email_key
from portico.kit.names import name_key, search_fold
from portico.kit.phones import e164
from portico.kit.search import is_walked
from portico.kit.signatures import domain_of, people_lines, understand
from portico.kit.similarity import are_alike, similarity
from portico.ui.words import say, say_n

FIELDS = ("name", "email", "phone", "position")
COUNTED = 200
CANDIDATES = 50
SHOWN = 3


@dataclass(frozen=True, kw_only=True)
class Proposal:
    """An organization that fits an address, and why."""

    id: UUID
    name: str
    reason: str


@dataclass(frozen=True, kw_only=True)
class Twin:
    """Somebody who may be the same human; `blocks` when a rule keeps them from being added."""

    label: str
    url: str
    reason: str
    blocks: bool = False


def with_smart_field(posted: QueryDict) -> QueryDict:
    """What was posted, empty fields filled from the smart field.

    Unless the page itself has shown what the text was read as (`smart_read` holds that text): then
    what is empty was emptied on purpose.
    """
    text = posted.get("smart", "")
    if not text.strip() or posted.get("smart_read") == text:
        return posted
    read = understand(text)
    filled = posted.copy()
    for name in FIELDS:
        if not filled.get(name, "").strip():
            filled[name] = getattr(read, name) or (read.bad_email if name == "email" else "")
    return filled


def lines_in(posted: QueryDict) -> list[str]:
    """The lines of the smart field when it holds several people."""
    return people_lines(posted.get("smart", ""))


def common_domain(texts: Sequence[str]) -> str:
    """An address of the domain that most of these lines have."""
    emails = [understand(text).email for text in texts]
    domains = Counter(domain_of(email) for email in emails if email)
    [(domain, _count)] = domains.most_common(1) or [("", 0)]
    return f"@{domain}" if domain else ""


def propose_organization(actor: Actor, email: str) -> Proposal | None:
    """The organization whose people have addresses of this domain, else whose website it is.

    Never for domains of free mail. At most four queries: the domain is looked up in the search
    index, of a domain with more than a thousand people only the first are counted.
    """
    domain = domain_of(email)
    if "." not in domain or domain in FREE_MAIL_DOMAINS:
        return None
    return _by_people(actor, domain) or _by_website(actor, domain)


def likely_twins(
    actor: Actor, values: Mapping[str, str], organization_id: UUID | None
) -> list[Twin]:
    """Who may be the same human: by address, by number, by a similar name; at most five queries."""
    email, phone, name = (values.get(field, "").strip() for field in ("email", "phone", "name"))
    found: dict[UUID, Twin] = {}
    holder = User.objects.with_address(email_key(email)).first() if email else None
    if holder is not None:
        return [_holder(holder)]
    visible = Person.objects.visible_to(actor).active()
    number = e164(phone, "") if phone else ""
    if number:
        for person in (
            visible.filter(phone_e164=number)
            .exclude(phone_e164="")
            .order_by("name_key", "pk")[:SHOWN]
        ):
            found[person.pk] = _twin(person, _("the same phone number"))
    for person in _alike(visible, name, organization_id=organization_id):
        found.setdefault(person.pk, _twin(person, _("a similar name")))
    return list(found.values())[:SHOWN]


def _by_people(actor: Actor, domain: str) -> Proposal | None:
    rows = Person.objects.visible_to(actor).search(f"@{domain}").filter(archived_at__isnull=True)
    keys = list(
        rows.filter(email_key__endswith=f"@{domain}").values_list("pk", flat=True)[:COUNTED]
    )
    if not keys:
        return None
    held = Membership.objects.filter(
        person_id__in=keys,
        organization__archived_at__isnull=True,
        organization__is_active=True,
    )
    names = held.values_list("organization_id", "organization__name")
    [(found, count)] = Counter(names).most_common(1) or [(None, 0)]
    if found is None:
        return None
    return Proposal(id=found[0], name=found[1], reason=_domain_reason(count))


def _domain_reason(count: int) -> str:
    return say_n("%(n)s person uses this domain", "%(n)s people use this domain", count)


def _by_website(actor: Actor, domain: str) -> Proposal | None:
    # Without "not empty" SQLite would not know that the index of those with a website will do.
    hosts = (domain, f"www.{domain}")
    pages = [
        f"{scheme}://{host}{end}"
        for scheme in ("https", "http")
        for host in hosts
        for end in ("", "/")
    ]
    rows = (
        Organization.objects.visible_to(actor)
        .assignable()
        .exclude(website="")
        .filter(website__in=pages)
    )
    found = rows.order_by("name_key", "pk").values_list("pk", "name").first()
    if found is None:
        return None
    return Proposal(id=found[0], name=found[1], reason=_("Its website has this domain"))


def _holder(user: User) -> Twin:
    if user.kind == UserKind.AGENT:
        text = say("This address belongs to an agent. One address cannot be both.")
        return Twin(label=user.display_name, url="", reason=text, blocks=True)
    reason = (
        _("This address is in use, by an archived record")
        if user.archived_at
        else _("This address is in use")
    )
    return Twin(label=user.display_name, url=_url(user), reason=reason, blocks=True)


def _twin(person: Person, reason: str) -> Twin:
    return Twin(label=person.display_name, url=_url(person), reason=reason)


def _url(user: User) -> str:
    return reverse("people.show", kwargs={"id": user.pk})


def _alike(visible: Any, name: str, *, organization_id: UUID | None) -> list[Person]:
    """Namesakes within the organization first, then the most similar names of all."""
    words = search_fold(name).split()
    if len(words) < 2:
        return []
    same = visible.filter(name_key=name_key(name))
    if organization_id is not None:
        same = same.of_organization(organization_id)
    found = {person.pk: person for person in same.order_by("name_key", "pk")[:SHOWN]}
    for word in dict.fromkeys((words[-1], words[0])):
        rows = visible.search(word)
        if is_walked(rows):  # a word that a thousand people share tells nothing, and takes long
            continue
        near = [row for row in rows[:CANDIDATES] if are_alike(row.name, name)]
        for person in sorted(near, key=lambda row: -similarity(row.name, name)):
            found.setdefault(person.pk, person)
    return list(found.values())[:SHOWN]

"""From the cells of a row to a draft, or to the reasons why there is none."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import partial
from typing import TypeVar

from django.utils.translation import gettext as _

from portico.kit.addresses import email_key
from portico.kit.countries import country_code
from portico.kit.errors import Refused
from portico.transfers.reading import cells
from portico.transfers.reading.dates import read_date
from portico.transfers.reading.drafts import AddressDraft, OrganizationDraft, PersonDraft
from portico.transfers.reading.fields import Kind
from portico.transfers.reading.mapping import check_mapping, has_blanks_between_tags
from portico.transfers.reading.notices import Notice, Problem

Value = TypeVar("Value")
_PROPERTY = "property."
_CONTACT = "contact."
_TEXT_CHECKS: Mapping[str, Callable[[str], str]] = {
    "reference": partial(cells.line, max_length=cells.REFERENCE_LENGTH),
    "given_name": partial(cells.line, max_length=cells.GIVEN_NAME_LENGTH),
    "family_name": partial(cells.line, max_length=cells.GIVEN_NAME_LENGTH),
    "email": cells.email,
    "position": partial(cells.line, max_length=cells.POSITION_LENGTH),
    "phone": cells.phone,
    "organization": cells.organization_name,
    "description": partial(cells.lines, max_length=cells.DESCRIPTION_LENGTH),
    "website": cells.website,
    "address.street": partial(cells.lines, max_length=cells.STREET_LENGTH),
    "address.city": partial(cells.line, max_length=cells.CITY_LENGTH),
    "address.region": partial(cells.line, max_length=cells.CITY_LENGTH),
    "address.postal_code": partial(cells.line, max_length=cells.POSTAL_CODE_LENGTH),
    "address.country": partial(cells.line, max_length=cells.COUNTRY_LENGTH),
    "contact.name": cells.person_name,
}


@dataclass(frozen=True)
class ReadRow:
    """What became of a row: a draft and no problems, or problems and no draft."""

    draft: PersonDraft | OrganizationDraft | None
    problems: tuple[Problem, ...] = ()
    notices: tuple[Notice, ...] = ()


class RowReader:
    """Reads the rows of one table with one mapping (column to field)."""

    def __init__(
        self,
        kind: Kind,
        header: Sequence[str],
        *,
        mapping: Mapping[str, str],
        date_order: str = "mdy",
        email_required: bool = False,
    ) -> None:
        """Raises `Refused` where the mapping can't be used (see `mapping.check_mapping`)."""
        check_mapping(kind, header, mapping=mapping)
        self._kind = kind
        self._width = len(header)
        self._date_order = date_order
        self._email_required = email_required
        self._blanks_between_tags = has_blanks_between_tags(header)
        self._columns = tuple(
            (header.index(column), field) for column, field in mapping.items() if column in header
        )

    def read(self, row: Sequence[str]) -> ReadRow:
        """Checks the cells of one row; an empty cell is a field that the row doesn't speak of."""
        if len(row) > self._width:
            return ReadRow(None, (_uneven_row(),))
        texts = self._texts(row)
        checked = _Checked(texts, blanks_between_tags=self._blanks_between_tags)
        draft = self._person(checked) if self._kind == "people" else self._organization(checked)
        if checked.problems:
            return ReadRow(None, tuple(checked.problems))
        return ReadRow(draft, notices=tuple(checked.notices))

    def _texts(self, row: Sequence[str]) -> dict[str, list[str]]:
        texts: dict[str, list[str]] = {}
        for position, field in self._columns:
            text = row[position]
            if text and not text.isspace():
                texts.setdefault(field, []).append(text)
        return texts

    def _person(self, checked: "_Checked") -> PersonDraft:
        draft = _person_draft(checked, prefix="")
        if self._email_required and not draft.email:
            checked.missing("email", _("The e-mail address is missing."))
        elif not draft.name and not draft.email:
            checked.missing("name", _("The row has neither a name nor an e-mail address."))
        return draft

    def _organization(self, checked: "_Checked") -> OrganizationDraft:
        name = checked.text("name", cells.organization_name)
        if not name:
            checked.missing("name", _("The name is missing."))
        return OrganizationDraft(
            reference=checked.text("reference"),
            name=name,
            description=checked.text("description"),
            website=checked.text("website"),
            address=_address_draft(checked),
            membership_end_date=checked.date("membership_end_date", self._date_order),
            tags=checked.tags(),
            managers=checked.managers("account_managers"),
            is_active=checked.value("is_active", cells.flag),
            archived_at=checked.value("archived_at", cells.past_moment),
            properties=checked.properties(),
            contact=_contact_draft(checked),
        )


class _Checked:
    """The texts of one row while they are checked, and what was found wrong with them."""

    def __init__(self, texts: Mapping[str, list[str]], *, blanks_between_tags: bool) -> None:
        self._texts = texts
        self._blanks_between_tags = blanks_between_tags
        self.problems: list[Problem] = []
        self.notices: list[Notice] = []

    def text(self, field: str, check: Callable[[str], str] | None = None) -> str:
        """The checked text of a field, or "" where it is missing or refused."""
        texts = self._texts.get(field)
        if texts is None:
            return ""
        text = texts[0] if len(texts) == 1 else "\n".join(text.strip() for text in texts)
        if check is None:
            check = _TEXT_CHECKS.get(field) or _TEXT_CHECKS[field.removeprefix(_CONTACT)]
        return self.checked(field, text, check=check)

    def checked(self, field: str, text: str, *, check: Callable[[str], str]) -> str:
        """What the check makes of the text, or "" and a problem of the field."""
        try:
            if not text.isascii():
                cells.refuse_damaged(text)
            return check(text)
        except Refused as refusal:
            self.problems.append(Problem(field, refusal.code, refusal.detail))
            return ""

    def date(self, field: str, date_order: str) -> date | None:
        """The date of a field, or None where it is missing or refused."""
        return self.value(field, partial(read_date, date_order=date_order))

    def value(self, field: str, read: Callable[[str], Value]) -> Value | None:
        """What the field's text stands for, or None where it is missing or refused."""
        texts = self._texts.get(field)
        if texts is None:
            return None
        try:
            return read(texts[0])
        except Refused as refusal:
            self.problems.append(Problem(field, refusal.code, refusal.detail))
            return None

    def managers(self, field: str) -> tuple[str, ...]:
        """The addresses of agents; a person has one of their own at most (domain.md, X11)."""
        texts = self._texts.get(field)
        if texts is None:
            return ()
        try:
            found = cells.managers(texts)
        except Refused as refusal:
            self.problems.append(Problem(field, refusal.code, refusal.detail))
            return ()
        if field == "account_manager" and len(found) > 1:
            text = _("One account manager at most can stand here.")
            self.problems.append(Problem(field, "several_managers", text))
        return found

    def tags(self) -> tuple[str, ...]:
        """The tags of the row."""
        try:
            return cells.tags(self._texts.get("tags", ()), at_blanks=self._blanks_between_tags)
        except Refused as refusal:
            self.problems.append(Problem("tags", refusal.code, refusal.detail))
            return ()

    def properties(self) -> dict[str, str]:
        """The texts of custom properties by key; their kinds are checked where they are known."""
        check = partial(cells.lines, max_length=cells.PROPERTY_LENGTH)
        return {
            field.removeprefix(_PROPERTY): self.text(field, check)
            for field in self._texts
            if field.startswith(_PROPERTY)
        }

    def missing(self, field: str, message: str) -> None:
        """Notes that a field has no text, unless its text was already refused."""
        if all(problem.field != field for problem in self.problems):
            self.problems.append(Problem(field, "missing", message))


def _person_draft(checked: _Checked, *, prefix: str) -> PersonDraft:
    given = checked.text(f"{prefix}given_name")
    family = checked.text(f"{prefix}family_name")
    name = checked.text(f"{prefix}name", cells.person_name)
    is_joined = not name and bool(given or family)
    if is_joined:
        name = checked.checked(
            f"{prefix}name", f"{given} {family}".strip(), check=cells.person_name
        )
    email = checked.text(f"{prefix}email")
    return PersonDraft(
        reference="" if prefix else checked.text("reference"),
        name=name,
        is_name_joined=is_joined,
        given_name=given,
        family_name=family,
        email=email,
        email_key=email_key(email) if email else "",
        position=checked.text(f"{prefix}position"),
        phone=checked.text(f"{prefix}phone"),
        organization_name="" if prefix else checked.text("organization"),
        tags=() if prefix else checked.tags(),
        managers=() if prefix else checked.managers("account_manager"),
        is_disabled=None if prefix else checked.value("is_disabled", cells.flag),
        archived_at=None if prefix else checked.value("archived_at", cells.past_moment),
        properties={} if prefix else checked.properties(),
    )


def _contact_draft(checked: _Checked) -> PersonDraft | None:
    """The contact of the row; a title or a number without name and address makes no person."""
    contact = _person_draft(checked, prefix=_CONTACT)
    if contact.name or contact.email:
        return contact
    if contact.position or contact.phone:
        message = _("The contact of the row has neither a name nor an address and was left out.")
        checked.notices.append(Notice("contact_left_out", message))
    return None


def _address_draft(checked: _Checked) -> AddressDraft:
    country = checked.text("address.country")
    code = country_code(country) if country else ""
    if code is None:
        message = _("“%(country)s” is not a known country; it was kept as text.")
        checked.notices.append(Notice("unknown_country", message % {"country": country}))
    return AddressDraft(
        street=checked.text("address.street"),
        city=checked.text("address.city"),
        region=checked.text("address.region"),
        postal_code=checked.text("address.postal_code"),
        country=code or country,
    )


def _uneven_row() -> Problem:
    return Problem(
        "", "uneven_row", _("The row has more cells than the header: its columns don't fit.")
    )

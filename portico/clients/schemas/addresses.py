"""Postal addresses."""

from ninja import Schema

from portico.clients.schemas.strict import StrictSchema


class Address(StrictSchema):
    """A postal address; `country` is an ISO 3166 code, or the text where none is known."""

    street: str = ""
    city: str = ""
    region: str = ""
    postal_code: str = ""
    country: str = ""


class AddressChange(StrictSchema):
    """Parts of an address to change; what is missing stays."""

    street: str | None = None
    city: str | None = None
    region: str | None = None
    postal_code: str | None = None
    country: str | None = None


class AddressOut(Schema):
    """A postal address."""

    street: str
    city: str
    region: str
    postal_code: str
    country: str

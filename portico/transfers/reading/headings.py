"""Which headings of a column mean which field, in the order of preference."""

from collections.abc import Mapping, Sequence

from portico.kit.names import search_fold
from portico.transfers.reading.fields import Kind

_PERSON_NAME = ("fullname", "displayname", "personname", "contactname", "clientname", "username")
_GIVEN = ("givenname", "firstname", "first", "forename", "vorname", "prenom", "nombre", "voornaam")
_FAMILY = (
    "familyname", "lastname", "surname", "last", "nachname", "apellido", "apellidos", "achternaam",
)  # fmt: skip
_EMAIL = (
    "email", "emailaddress", "primaryemail", "email1value", "email1address", "workemail",
    "personemail", "emailwork", "personemailwork", "mail", "mailaddress", "emails",
)  # fmt: skip
_POSITION = (
    "position", "jobtitle", "contacttitle", "organizationtitle", "organization1title",
    "contactposition", "personjobtitle", "title", "job", "function",
)  # fmt: skip
_PHONE = (
    "phone", "phonenumber", "businessphone", "workphone", "telephone", "telephonenumber", "tel",
    "phone1value", "personphone", "personphonework", "mobilephone", "mobilephonenumber",
    "mobilenumber", "mobile", "cellphone", "homephone",
)  # fmt: skip
_ORGANIZATION = (
    "organization", "organisation", "organizationname", "organisationname", "organization1name",
    "company", "companyname", "associatedcompany", "customername", "account", "accountname",
    "employer", "firma", "entreprise", "empresa", "bedrijf",
)  # fmt: skip
_TAGS = ("tags", "tag", "labels", "categories", "groupmembership", "personlabels")
_EXTERNAL = (
    "reference", "referencenumber", "externalid", "externalreference", "recordid", "customerid",
    "customernumber", "customerno", "clientid", "clientnumber", "clientreference",
)  # fmt: skip

_PEOPLE: Mapping[str, Sequence[str]] = {
    "reference": (*_EXTERNAL, "personid", "contactid", "employeeid", "employeenumber"),
    "given_name": (*_GIVEN, "contactfirstname", "contactgivenname", "personfirstname"),
    "family_name": (*_FAMILY, "contactlastname", "contactfamilyname", "personlastname"),
    "name": ("name", *_PERSON_NAME),
    "email": (*_EMAIL, "contactemail"),
    "position": _POSITION,
    "phone": (*_PHONE, "contactphone"),
    "organization": _ORGANIZATION,
    "tags": _TAGS,
}
_ORGANIZATIONS: Mapping[str, Sequence[str]] = {
    "reference": (
        *_EXTERNAL, "accountnumber", "accountnumberc", "accountid", "organizationid",
        "organisationid", "companyid", "supplierid", "suppliernumber", "vendorid",
    ),
    "name": ("name", *_ORGANIZATION, "client", "customer", "suppliername", "vendorname"),
    "description": ("description", "about"),
    "website": (
        "website", "websiteurl", "url", "homepage", "webpage", "webpage1", "domain",
        "companydomainname", "web", "weburl",
    ),
    "address.street": (
        "addressstreet", "street", "streetaddress", "address", "addressline1", "address1",
        "billingstreet", "mailingstreet", "organizationaddress",
    ),
    "address.city": ("addresscity", "city", "town", "billingcity", "mailingcity"),
    "address.region": (
        "addressregion", "region", "state", "stateregion", "province", "county", "billingstate",
        "mailingstate",
    ),
    "address.postal_code": (
        "addresspostalcode", "postalcode", "postcode", "zip", "zipcode", "billingpostalcode",
        "mailingpostalcode", "plz",
    ),
    "address.country": (
        "addresscountry", "country", "countryregion", "billingcountry", "mailingcountry",
    ),
    "membership_end_date": ("membershipenddate", "membershipend", "contractenddate"),
    "tags": _TAGS,
    "contact.given_name": ("contactgivenname", "contactfirstname", *_GIVEN),
    "contact.family_name": ("contactfamilyname", "contactlastname", *_FAMILY),
    "contact.name": (
        "contactname", "contactperson", "primarycontact", "maincontact", "fullname",
        "displayname", "personname",
    ),
    "contact.email": ("contactemail", *_EMAIL),
    "contact.position": ("contactposition", "contacttitle", *_POSITION),
    "contact.phone": ("contactphone", *_PHONE),
}  # fmt: skip
# A second line of the address that an address already has.
FURTHER_LINES = ("addressline2", "address2", "addressline3", "address3", "street2", "street3")
# Without a name beside it, an address or a telephone number is the organization's own, for which
# there is no field; it must not make a person.
NEEDING_A_CONTACT = ("contact.email", "contact.position", "contact.phone")
CONTACT_NAMES = ("contact.name", "contact.given_name", "contact.family_name")


def synonyms(kind: Kind) -> Mapping[str, Sequence[str]]:
    """Field to the headings that mean it, the best first."""
    return _PEOPLE if kind == "people" else _ORGANIZATIONS


def heading_key(heading: str) -> str:
    """A heading reduced to its letters and digits: "*E-mail 1 - Value" becomes "email1value".

    The prefix of HubSpot's API ("property_firstname") is left out; "property.key" keeps its own.
    """
    folded = search_fold(heading).removeprefix("property_")
    return "".join(character for character in folded if character.isalnum())

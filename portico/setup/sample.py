"""Invented organizations and people in any number, the same for the same number."""

import datetime
import random
from collections.abc import Iterator, Sequence
from typing import Any
from uuid import UUID

SLICE = 500
PEOPLE_EACH = 10
SEED = 20_261_122

GIVEN_NAMES = (
    *("Lena", "Łukasz", "Chloé", "Jørn", "Sigrid", "Mateo", "Ana", "Haruto", "Misaki", "Priya"),
    *("Tom", "Niamh", "Seán", "Inês", "João", "Layla", "Omar", "Nhung", "Đức", "Zoë"),
    *("Käthe", "Jürgen", "Agnieszka", "Paweł", "Sofia", "Nikos", "Amara", "Kwame", "Eleanor"),
)
FAMILY_NAMES = (
    *("Fischer", "Wójcik", "Lefèvre", "Ødegård", "Rivera", "Peña", "Tanaka", "Satō", "Rao"),
    *("Clarke", "Ó Briain", "Conceição", "Haddad", "Nguyễn", "Trần", "Müller", "Weiß", "Kowalska"),
    *("Papadopoulos", "Dimou", "Mensah", "Birch", "Novak", "Svensson", "Rossi", "Costa", "Okafor"),
)
FIRST_WORDS = (
    *("Birch", "Harbour", "North", "Silver", "Copper", "Willow", "Granite", "Lumière", "Sonne"),
    *("Żuraw", "Fjord", "Aurora", "Delta", "Meridian", "Orchard", "Prairie", "Tide", "Vale"),
)
LAST_WORDS = (
    *("Windows", "Logistics", "Studio", "& Sons", "Clinic", "Hotels", "Foods", "Partners"),
    *("GmbH", "AS", "Sp. z o.o.", "Ltd", "Services", "Energy", "Architects", "Printers"),
)
POSITIONS = ("Owner", "Office", "Site lead", "Purchasing", "Accounts", "Director", "")


class Sample:
    """The sample of one size, in slices ready for the actions that insert in bulk."""

    def __init__(self, size: int, *, end_dates: bool) -> None:
        self.size = size
        self.end_dates = end_dates
        self._random = random.Random(SEED)  # noqa: S311 - invented names, always the same

    def organizations(self, today: datetime.date) -> Iterator[list[dict[str, Any]]]:
        """Cleaned fields of a tenth as many organizations as people, at least one."""
        total = max(1, self.size // PEOPLE_EACH)
        for start in range(0, total, SLICE):
            stop = min(start + SLICE, total)
            yield [self._organization(number, today) for number in range(start, stop)]

    def people(
        self, organization_ids: Sequence[UUID]
    ) -> Iterator[list[tuple[dict[str, Any], UUID | None]]]:
        """Cleaned fields of people, each with the organization they belong to."""
        total = len(organization_ids)
        for start in range(0, self.size, SLICE):
            stop = min(start + SLICE, self.size)
            yield [
                (self._person(number), organization_ids[number // PEOPLE_EACH % total])
                for number in range(start, stop)
            ]

    def _organization(self, number: int, today: datetime.date) -> dict[str, Any]:
        pick = self._random
        fields: dict[str, Any] = {
            "name": f"{pick.choice(FIRST_WORDS)} {pick.choice(LAST_WORDS)} {number + 1}",
            "reference": f"SAMPLE-{number + 1:06}",
            "is_active": pick.random() > 0.03,
        }
        if self.end_dates:
            fields["membership_end_date"] = today + datetime.timedelta(pick.randint(-60, 700))
        return fields

    def _person(self, number: int) -> dict[str, Any]:
        pick = self._random
        return {
            "name": f"{pick.choice(GIVEN_NAMES)} {pick.choice(FAMILY_NAMES)}",
            "email": f"person{number + 1}@sample.example",
            "position": pick.choice(POSITIONS),
            "phone": f"+44 20 7946 {pick.randint(0, 9999):04}",
        }

"""Bodies whose unknown members are refused."""

from ninja import Schema
from pydantic import ConfigDict


class StrictSchema(Schema):
    """A body whose unknown members are refused (mass assignment, R-C37)."""

    model_config = ConfigDict(extra="forbid")

"""Numbers and names of set-up."""

EXAMPLE_DATA = "example_data"
"""The kind of the operation that made the example data."""

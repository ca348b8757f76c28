"""Django's backend for PostgreSQL, with one way of its own; see `base`."""

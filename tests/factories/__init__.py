"""Factories of records, one file per app. They run inside an open scope."""

"""Keep files."""

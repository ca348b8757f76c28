"""What checks, builds and measures the product; no part of the wheel."""

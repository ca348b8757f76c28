"""The doors: every address and operation, tried by every member of the cast."""

"""Forms of `workspaces`; one file per noun."""

"""Pages of `workspaces`; one file per noun."""

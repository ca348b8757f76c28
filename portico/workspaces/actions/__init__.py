"""Every change to workspaces, their team, roles and keys; one file per noun."""

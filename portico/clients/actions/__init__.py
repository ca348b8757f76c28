"""Every change to organizations, people and memberships; one file per noun."""

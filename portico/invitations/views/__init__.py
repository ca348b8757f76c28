"""Pages of invitations; one file per place."""

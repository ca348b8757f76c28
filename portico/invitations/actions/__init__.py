"""Every change to invitations; one file per act and its kin."""

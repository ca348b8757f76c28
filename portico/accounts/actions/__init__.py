"""What changes users, their passwords and sessions."""

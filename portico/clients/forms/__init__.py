"""What people type and choose on the client pages."""

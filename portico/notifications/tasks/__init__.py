"""What the worker does: deliver mails, sweep what is no longer needed."""

"""Kinds of mail of this app."""

"""Pieces of screens below that invitations fill."""

"""Backups: one file that holds everything, made while the server is in use, and put back whole.

`archive` is the file itself, `manifest` what it says of itself, `sqlite` and `postgres` the two
databases, `making` and `restoring` the two acts, `unfinished` what an interrupted one leaves.
"""

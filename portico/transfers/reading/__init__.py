"""Reading a file of organizations or people: from bytes to checked drafts, without a database.

The order of work: `table.open_table` finds encoding, separator and header; `mapping` proposes
which column fills which field; `records.RowReader` turns each row into a draft or a list of
problems; `failures.failures_file` writes the refused rows down for correction.
"""

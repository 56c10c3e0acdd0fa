"""The row pipeline: rows of a file to parsed rows, to working records, to contents of the ledger."""

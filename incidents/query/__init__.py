"""Parameters in, ledger entries and documents out."""

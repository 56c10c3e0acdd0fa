"""The public REST API over the ledger."""

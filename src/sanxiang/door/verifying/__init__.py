"""The rows of the database held against the ledger."""

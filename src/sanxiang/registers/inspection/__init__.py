"""双随机 as the public may read it: what the acts said publicly, out of the ledger."""

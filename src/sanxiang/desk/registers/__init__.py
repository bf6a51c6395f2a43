"""清单: what is in force, what is being drafted, signed, filed and looked over again."""

"""Sound and film 音像记录: what of an enforcement must be recorded, how, and what became of it in a case."""

"""案卷: files, copies, loans, evaluation, handing over."""

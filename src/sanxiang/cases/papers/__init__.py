"""Papers 文书: composed from a case, set as PDF/A or .docx, marked where they are taken away."""

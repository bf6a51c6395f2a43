"""清单: what acts ask of the lists in force and of what the agency recorded itself."""

"""双公示: files of penalties and licences for the credit platform, by the field table of the 2018 data standard."""

"""What acts change in a case, by family. Importing this registers every effect that a pack may name."""

from sanxiang.law.changes import erasing, licences

FAMILIES = (erasing, licences)

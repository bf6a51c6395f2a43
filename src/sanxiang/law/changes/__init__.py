"""What acts change in a case, by family. Importing this registers every effect that a pack may name."""

from sanxiang.law.changes import casefile, coercion, erasing, inspection, levies, licences, recordings, relations

FAMILIES = (erasing, inspection, casefile, recordings, relations, levies, coercion, licences)

"""What acts change in a case, by family. Importing this registers every effect that a pack may name."""

from sanxiang.law.changes import casefile, coercion, erasing, levies, licences, recordings, relations

FAMILIES = (erasing, casefile, recordings, relations, levies, coercion, licences)

"""What acts change in a case, by family. Importing this registers every effect that a pack may name."""

from sanxiang.law.changes import (
    casefile,
    coercion,
    disclosure,
    erasing,
    inspection,
    levies,
    licences,
    marks,
    on_paper,
    recordings,
    relations,
    rulings,
    seals,
    signatures,
)

FAMILIES = (
    marks,
    erasing,
    inspection,
    casefile,
    recordings,
    relations,
    levies,
    coercion,
    licences,
    rulings,
    seals,
    signatures,
    on_paper,
    disclosure,
)

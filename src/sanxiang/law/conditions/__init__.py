"""The conditions that a pack's guards may name, by family. Importing this registers them all."""

from sanxiang.law.conditions import (
    casefile,
    coercion,
    grounds,
    hearing,
    inspection,
    levies,
    licences,
    money,
    penalty,
    people,
    public,
    recordings,
    relations,
    steps,
    takings,
)

FAMILIES = (
    people,
    steps,
    penalty,
    grounds,
    hearing,
    money,
    recordings,
    public,
    casefile,
    relations,
    inspection,
    levies,
    coercion,
    licences,
    takings,
)

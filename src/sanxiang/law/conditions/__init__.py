"""The conditions that a pack's guards may name, by family. Importing this registers them all."""

from sanxiang.law.conditions import (
    casefile,
    coercion,
    dress,
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
    dress,
    levies,
    coercion,
    licences,
    takings,
)

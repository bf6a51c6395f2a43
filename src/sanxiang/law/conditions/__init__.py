"""The conditions that a pack's guards may name, by family. Importing this registers them all."""

from sanxiang.law.conditions import grounds, hearing, money, penalty, people, public, recordings, steps

FAMILIES = (people, steps, penalty, grounds, hearing, money, recordings, public)

"""What a constraint over one row cannot say: 三员分立, and that a unit and its posts belong to one agency.

A check in `clean` would hold only on the pages; a trigger holds in a shell, an import and another program.
Django rebuilds a table on SQLite when it alters one, and the triggers go with the old table: a migration that
alters people_post or people_unit must call `install` again (tests/door/test_people.py notices).
"""

from django.db.backends.base.base import BaseDatabaseWrapper

from sanxiang.people import roles

ADMINS = ", ".join(f"'{role}'" for role in sorted(roles.ADMIN_ROLES))

Rule = tuple[str, str, str]
"""Name, the SQL condition under which a row is refused (the same on both databases), the sentence."""

POST_RULES: tuple[Rule, ...] = (
    (
        "separate",
        f"""EXISTS (SELECT 1 FROM people_post o
            WHERE o.person_id = NEW.person_id AND o.id <> NEW.id AND o.role <> NEW.role
            AND (o.role IN ({ADMINS}) OR NEW.role IN ({ADMINS}))
            AND o.valid_from <= COALESCE(NEW.valid_until, '9999-12-31')
            AND NEW.valid_from <= COALESCE(o.valid_until, '9999-12-31'))""",
        "三员分立：系统、安全、审计管理员同一时期不得兼任，也不得兼任办案岗位",
    ),
    (
        "unit",
        """NEW.unit_id IS NOT NULL AND NOT EXISTS
            (SELECT 1 FROM people_unit u WHERE u.id = NEW.unit_id AND u.agency_id = NEW.agency_id)""",
        "任职的内设机构不属于该执法机关",
    ),
    (
        "deputy",
        """NEW.deputy_for_id IS NOT NULL AND NOT EXISTS
            (SELECT 1 FROM people_post p WHERE p.id = NEW.deputy_for_id AND p.agency_id = NEW.agency_id)""",
        "代理岗位不属于该执法机关",
    ),
)

UNIT_RULES: tuple[Rule, ...] = (
    (
        "parent",
        """NEW.parent_id IS NOT NULL AND NOT EXISTS
            (SELECT 1 FROM people_unit u WHERE u.id = NEW.parent_id AND u.agency_id = NEW.agency_id)""",
        "上级机构不属于该执法机关",
    ),
    (
        "agency",
        """EXISTS
            (SELECT 1 FROM people_post p WHERE p.unit_id = NEW.id AND p.agency_id <> NEW.agency_id)
            OR EXISTS
            (SELECT 1 FROM people_unit u WHERE u.parent_id = NEW.id AND u.agency_id <> NEW.agency_id)""",
        "机构下有任职或下级机构，不能改属其他执法机关",
    ),
)

# Two posts given at once do not see each other; having waited for the person's row, the second does.
LOCK_PERSON = "PERFORM 1 FROM people_person WHERE id = NEW.person_id FOR NO KEY UPDATE;"


def on_sqlite(table: str, rules: tuple[Rule, ...]) -> list[str]:
    """Two triggers a rule, as SQLite has none for INSERT OR UPDATE. With one writer at a time none locks."""
    statements = []
    for name, refused, sentence in rules:
        for event in ("INSERT", "UPDATE"):
            trigger = f"{table}_{name}_{event.lower()}"
            statements.append(f"DROP TRIGGER IF EXISTS {trigger}")
            statements.append(
                f"CREATE TRIGGER {trigger} BEFORE {event} ON {table} FOR EACH ROW WHEN {refused} "
                f"BEGIN SELECT RAISE(ABORT, '{sentence}'); END"
            )
    return statements


def on_postgresql(table: str, rules: tuple[Rule, ...], first: str = "") -> list[str]:
    """One function and one trigger a table; errors carry the SQLSTATE of a check constraint."""
    checks = " ".join(
        f"IF {refused} THEN RAISE EXCEPTION '{sentence}' USING ERRCODE = '23514'; END IF;"
        for _, refused, sentence in rules
    )
    return [
        f"CREATE OR REPLACE FUNCTION {table}_keep() RETURNS trigger LANGUAGE plpgsql AS "
        f"$keep$ BEGIN {first} {checks} RETURN NEW; END $keep$",
        f"DROP TRIGGER IF EXISTS {table}_keep ON {table}",
        f"CREATE TRIGGER {table}_keep BEFORE INSERT OR UPDATE ON {table} "
        f"FOR EACH ROW EXECUTE FUNCTION {table}_keep()",
    ]


def install(connection: BaseDatabaseWrapper) -> None:
    """Put the triggers on people_post and people_unit; those already there are replaced."""
    if connection.vendor == "postgresql":
        statements = on_postgresql("people_post", POST_RULES, LOCK_PERSON)
        statements += on_postgresql("people_unit", UNIT_RULES)
    else:
        statements = on_sqlite("people_post", POST_RULES) + on_sqlite("people_unit", UNIT_RULES)
    with connection.cursor() as cursor:
        for statement in statements:
            cursor.execute(statement)

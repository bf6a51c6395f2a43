"""SANXIANG_DATABASE_URL: one server, or several of which the one that may be written to is asked."""

import pytest

from sanxiang import settings


@pytest.mark.parametrize(
    ("url", "hosts", "ports"),
    [
        ("postgresql://u:p@db.example.test:5433/sanxiang", "db.example.test", "5433"),
        ("postgresql://u:p@db.example.test/sanxiang", "db.example.test", ""),
        ("postgresql://u:p@[::1]:5433/sanxiang", "::1", "5433"),
        ("postgresql:///sanxiang", "", ""),
        ("postgresql://u:p@one.test:5432,two.test:5433/sanxiang", "one.test,two.test", "5432,5433"),
        ("postgresql://u:p@one.test,two.test:5433/sanxiang", "one.test,two.test", ",5433"),
        ("postgresql://u:p%2C%40@one.test,[::1]/sanxiang", "one.test,::1", ""),
    ],
)
def test_hosts_and_ports(url: str, hosts: str, ports: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SANXIANG_DATABASE_URL", url)
    found = settings.database()
    assert (found["HOST"], found["PORT"], found["NAME"]) == (hosts, ports, "sanxiang")
    options = found["OPTIONS"]
    assert isinstance(options, dict)
    assert (options.get("target_session_attrs") == "read-write") is ("," in hosts)

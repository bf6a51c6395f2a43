"""What every test may use. Rooms keep their own casts in their folders' conftest.py."""

import gc
import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.conf import settings
from django.contrib.auth.hashers import Argon2PasswordHasher

pytest_plugins = ["trace_plugin", "installation", "clockwork", "altered", "signed_log"]

LONG = (
    "test_browser",
    "test_desk_next",
    "test_refusals",
    "test_square_face",
    "test_admin_face",
    "test_durability",
    "test_model",
    "test_stories",
    "test_numbers",
    "test_import_decisions",
    "test_import_command",
    "test_tamper",
)
"""Files that take longest. They go first, so that no worker is left alone with one at the end."""


ASKING = {"db", "transactional_db", "installation", "installations"}
"""Fixtures that bring a database."""

STORAGE = (
    "door",
    "test_stories",
    "test_api_server",
    "test_square",
    "test_square_story",
    "test_desk_lists",
)
"""The folder and the files in which every run asks PostgreSQL too: rows, locks, triggers and search, and whole cases. What other
tests ask of the law, the pages and the papers they ask of the same code on either; `make deep` asks all of it on both."""

ALIKE = (
    "test_setup_slips",
    "test_law_impact",
    "test_log_commands",
    "test_keys_changed",
    "test_import_command",
    "test_admin_command",
    "test_witnessed_log",
    "test_background",
    "test_restore_refused",
    "test_store_s3",
    "test_tus_client",
    "test_upload_cut_off",
    "test_hostile_uploads",
)
"""Files of that folder which ask what commands, files and a served log say: one database answers for both in every run, but where a
test is marked `storage` itself. Elsewhere a test may be marked `alike`."""


def on_both(item: pytest.Item) -> bool:
    """Whether every run asks this test on both databases."""
    places = {item.path.stem, item.path.parent.name}
    asked = bool(places & set(STORAGE)) and not places & set(ALIKE) and not item.get_closest_marker("alike")
    return asked or item.get_closest_marker("storage") is not None


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Tell the tests that ask a database; the long files first, in their order, the rest as it was found."""
    for item in items:
        if item.get_closest_marker("django_db") or ASKING & set(getattr(item, "fixturenames", ())):
            item.add_marker("database")
            if on_both(item):
                item.add_marker("storage")
    rank = {name: place for place, name in enumerate(LONG)}
    items.sort(key=lambda item: rank.get(item.path.stem, len(LONG)))


@pytest.fixture(scope="session", autouse=True)
def quick_passwords() -> Iterator[None]:
    """Argon2 is slow and takes 100 MB on purpose; hundreds of sign-ins inside tests need neither. A served installation keeps both."""
    with pytest.MonkeyPatch.context() as patch:
        for name, cost in (("time_cost", 1), ("memory_cost", 1024), ("parallelism", 1)):
            patch.setattr(Argon2PasswordHasher, name, cost)
        yield


@pytest.fixture(scope="session", autouse=True)
def no_power_cuts() -> Iterator[None]:
    """To wait until the disk has each file changes nothing that a test inside Django could see; what is served waits as ever."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(os, "fsync", lambda _: None)
        yield


@pytest.fixture(scope="session", autouse=True)
def few_collections() -> None:
    """What was loaded for all tests stays; the collector need not look at it again and again."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(50_000, 20, 50)


@pytest.fixture(scope="session", autouse=True)
def data_folder(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """Evidence, papers and keys of tests inside Django go to a temporary folder, never into a developer's installation."""
    folder = tmp_path_factory.mktemp("data")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(settings, "DATA", folder)
        patch.setattr(settings, "EVIDENCE_ROOT", folder / "evidence")
        patch.setattr(settings, "PAPER_ROOT", folder / "papers")
        yield folder

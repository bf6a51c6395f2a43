"""What every test may use. Rooms keep their own casts in their folders' conftest.py."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from django.conf import settings

pytest_plugins = ["trace_plugin", "installation", "clockwork", "altered"]


@pytest.fixture(scope="session", autouse=True)
def data_folder(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """Evidence, papers and keys of tests inside Django go to a temporary folder, never into a developer's installation."""
    folder = tmp_path_factory.mktemp("data")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(settings, "DATA", folder)
        patch.setattr(settings, "EVIDENCE_ROOT", folder / "evidence")
        patch.setattr(settings, "PAPER_ROOT", folder / "papers")
        yield folder

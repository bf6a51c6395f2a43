"""Everything about the package stands in pyproject.toml; this adds the packs, which lie beside `src` for people to edit.

An installation from the checkout reads them there; a wheel takes a copy along.
"""

import shutil
from pathlib import Path

from setuptools import setup
from setuptools.command.build_py import build_py


class BuildWithPacks(build_py):
    """Modules, their data, and the packs."""

    def run(self) -> None:
        super().run()
        if not self.editable_mode:
            target = Path(self.build_lib) / "sanxiang" / "packs"
            shutil.copytree(Path(__file__).parent / "packs", target, dirs_exist_ok=True)


setup(cmdclass={"build_py": BuildWithPacks})

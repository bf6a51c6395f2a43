"""移交包 of several files: one zip with the hand-over list, the bag of each case, and a script by which a stranger checks all of it.

It leaves while it is made: one case is at hand at a time, however many there are.
"""

import zipfile
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path

from sanxiang.cases.dossier.bundle import MANIFEST, Bundle, Dossier, Outlet, bagged, safe

BAGS, CHECK = "案卷", "核对.py"
SCRIPT = (Path(__file__).parent / "check_package.py").read_text(encoding="utf-8")


def package(
    name: str, lists: Mapping[str, bytes], files: Iterable[Dossier], mark: str = ""
) -> Iterator[bytes]:
    """The zip, piece by piece. Raises Lost: who reads it then has half a zip, which nothing opens."""
    out = Outlet()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as made:
        top = Bundle(made, out, safe(name))
        for file, content in {**lists, CHECK: SCRIPT.encode()}.items():
            top.add(file, content)
        for told in files:
            yield from bagged(Bundle(made, out, f"{top.root}/{BAGS}/{safe(told.case.code)}"), told)
        lines = [f"{digest}  {file}\n" for file, digest in sorted(top.digests.items())]
        top.add(MANIFEST, "".join(lines).encode())
        made.comment = mark.encode("ascii")
    yield out.taken()

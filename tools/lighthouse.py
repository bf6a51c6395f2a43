"""`python tools/lighthouse.py ADDRESS [PATH …]`: Lighthouse's four scores and the weight of a served portal's pages, as JSON lines.

Without paths it takes the pages that every portal has, and one decision, one agency and one guide of the sitemap. Lighthouse comes
from the npm registry by the lock in tools/scoring and stays in .tools. It thinks of a slow phone on a slow line.
"""

import json
import re
import shutil
import subprocess
import sys
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import frontend
import system

LOCKED = Path(__file__).parent / "scoring"
KEPT = frontend.WORK / "lighthouse"
SCORED = ("performance", "accessibility", "best-practices", "seo")
ALWAYS = (
    "/",
    "/decisions/",
    "/agencies/",
    "/before/",
    "/officers/",
    "/statistics/",
    "/voices/",
    "/progress/",
    "/open-data/",
)
SAMPLES = (
    r"/decisions/[0-9a-f-]{36}/",
    r"/agencies/[0-9a-f-]{36}/",
    r"/agencies/[0-9a-f-]{36}/guide/[^/<]+/",
)
CHROME = "--headless=new --no-sandbox --disable-dev-shm-usage"


def program() -> tuple[Path, dict[str, str]]:
    """Lighthouse and the environment in which it finds node; fetched at the first call."""
    made = KEPT / "node_modules" / ".bin" / "lighthouse"
    if not made.exists():
        shutil.rmtree(KEPT, ignore_errors=True)
        KEPT.mkdir(parents=True)
        return made, frontend.npm_ci(LOCKED, KEPT)
    return made, frontend.surroundings(frontend.npm(KEPT / "node"))


def pages(address: str) -> Iterator[str]:
    """Those that every portal has, then the first of each sample in the sitemap."""
    yield from ALWAYS
    with urllib.request.urlopen(f"{address}/sitemap.xml") as answer:
        told = answer.read().decode()
    for part in re.findall(r"<sitemap><loc>([^<]+)", told):
        with urllib.request.urlopen(address + re.sub(r"^https?://[^/]+", "", part)) as answer:
            told += answer.read().decode()
    for sample in SAMPLES:
        if found := re.search(sample, told):
            yield found[0]


def score(address: str, path: str) -> dict[str, Any]:
    """The four scores of 100, the kilobytes of a first load, and what costs a score."""
    made, here = program()
    words = [str(made), address + path, "--output=json", "--quiet", f"--chrome-flags={CHROME}"]
    here |= {"CHROME_PATH": str(system.chromium() or "")}
    done = subprocess.run(words, env=here, capture_output=True, text=True, check=False)
    if done.returncode:
        return {"page": path, "failed": done.stderr.strip()[-400:]}
    told = json.loads(done.stdout)
    lacking = [
        name for name, one in told["audits"].items()
        if one["score"] is not None and one["score"] < 0.9 and one["scoreDisplayMode"] in ("binary", "metricSavings")
    ]  # fmt: skip
    scores = {name: round(100 * told["categories"][name]["score"]) for name in SCORED}
    weight = round(told["audits"]["total-byte-weight"]["numericValue"] / 1024)
    return {"page": path, **scores, "kilobytes": weight, "lacking": lacking}


def main() -> int:
    """Score each page; 1 when one could not be scored."""
    if len(sys.argv) < 2:
        raise SystemExit("用法：python tools/lighthouse.py http://127.0.0.1:8000 [/search/ …]")
    address, failed = sys.argv[1].rstrip("/"), False
    for path in sys.argv[2:] or list(pages(address)):
        found = score(address, path)
        failed |= "failed" in found
        print(json.dumps(found, ensure_ascii=False), flush=True)
    return int(failed)


if __name__ == "__main__":
    sys.exit(main())

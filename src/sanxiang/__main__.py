"""`python -m sanxiang`."""

import sys

from sanxiang.cli import main

sys.exit(main())

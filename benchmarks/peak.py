"""Run one command of `shield` and write down its peak memory in KB beside the data directory."""

from __future__ import annotations

import os
import resource
import sys
from pathlib import Path


def main() -> int:
    """Run the command; the exit status is its own."""
    from shield.project.commandline import main as shield

    try:
        return shield(sys.argv[1:])
    finally:
        Path(os.environ["SHIELD_DATA"] + ".peak").write_text(
            str(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss)
        )


if __name__ == "__main__":
    sys.exit(main())

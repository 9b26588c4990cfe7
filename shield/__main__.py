"""`python -m shield` is the `shield` command."""

import sys

from shield.project.commandline import main

if __name__ == "__main__":
    sys.exit(main())

"""`python -m portico` is the `portico` command."""

import sys

from portico.config.commands import main

if __name__ == "__main__":
    sys.exit(main())

"""`syncserver` with a clock that its starter sets while it runs: `python -m tests.sync.clocked_server COMMAND`."""

import sys

from tests.sync.clocks import use_clock_file

if __name__ == "__main__":
    use_clock_file()  # before the server's modules take the clock for their defaults
    from syncserver.__main__ import main

    sys.exit(main())

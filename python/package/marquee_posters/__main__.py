"""The command `marquee`; also `python -m marquee_posters`."""

import signal
import sys

from ._marquee import command


def main() -> None:
    """Runs the command, and exits with its status."""
    # Python would only notice Ctrl-C when the command has ended
    signal.signal(signal.SIGINT, signal.SIG_DFL)
    sys.exit(command(["marquee", *sys.argv[1:]]))


if __name__ == "__main__":
    main()

#!/usr/bin/env python
"""Django's command line, with this checkout's servers behind it."""

import os
import sys

from django.core.management import execute_from_command_line

from config.servers.environment import ensure_servers
from config.servers.errors import ServersError, sentence


def main() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    try:
        ensure_servers(sys.argv[1:])
    except ServersError as error:
        sys.exit(f"Yihao: {error}")
    except OSError as error:
        sys.exit(f"Yihao: {sentence(error)}")
    execute_from_command_line(sys.argv)


if __name__ == "__main__":
    main()

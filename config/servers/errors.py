"""What went wrong, in one sentence for whoever sits at the terminal."""

import errno


class ServersError(Exception):
    """Its text is printed as it stands, without a traceback."""


def sentence(error: OSError) -> str:
    """Say what an operating system error means for the reader."""
    place = f" ({error.filename})" if error.filename else ""
    if error.errno in (errno.ENOSPC, errno.EDQUOT):
        return f"There is no space left on the disk{place}. Free some and start again."
    return f"{error.strerror or error}{place}."

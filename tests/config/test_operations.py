"""docs/operations.md keeps up with the settings."""

import re
from pathlib import Path

SETTINGS = Path("config/settings.py").read_text()
PAGE = Path("docs/operations.md").read_text()


def test_every_variable_that_the_settings_read_is_in_the_table() -> None:
    read = set(re.findall(r"env\.\w+\(\s*\"([A-Z_]+)\"", SETTINGS))
    table = PAGE.partition("\n## Settings")[2]
    assert read == set(re.findall(r"^\| `([A-Z_]+)` \|", table, re.MULTILINE))

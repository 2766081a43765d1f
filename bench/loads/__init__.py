"""One module a load: TITLE, and run(stage, options) -> list[Figure]."""

"""Measured speed: `make bench`. What each figure means stands in bench/README.md."""

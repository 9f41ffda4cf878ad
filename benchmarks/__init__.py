"""How fast capplan is, measured: `make bench`, or `python -m benchmarks`."""

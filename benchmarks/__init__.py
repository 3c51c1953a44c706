"""Speed and quality, measured on this machine: ``python -m benchmarks`` (see README.md beside this file)."""

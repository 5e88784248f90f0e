"""How fast the system is, as ratios within one run: `make bench`."""

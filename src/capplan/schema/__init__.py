"""Every table of an instance, as data: columns, keys, units, defaults, bounds and help."""

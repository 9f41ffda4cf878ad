"""The mathematical model: sets, variables, constraint families and cost contributors."""

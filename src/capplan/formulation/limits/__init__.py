"""What a plan is held to: limits, targets, gaps and budgets."""

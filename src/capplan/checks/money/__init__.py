"""Money: who pays for which costs, budgets and pools."""

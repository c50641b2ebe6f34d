"""How an assessment is told: the terminal, the page, the figures."""

"""What players would do: packages, players, games."""

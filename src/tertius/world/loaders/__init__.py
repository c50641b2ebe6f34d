"""Loaders for the official files: each recognises a release by its content and drops nothing silently."""

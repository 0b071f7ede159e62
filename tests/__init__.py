"""Our tests, laid out like the code."""

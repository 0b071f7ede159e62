"""Training of the bundled model pack: `python -m engine.training --help`."""

"""The desktop app. It sees only the public names of `engine`."""

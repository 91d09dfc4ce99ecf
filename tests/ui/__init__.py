"""The face, driven by keys and looked at."""

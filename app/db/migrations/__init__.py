"""Steps from one schema of the practice file to the next (Alembic)."""

"""The practice file: keys, encryption, unit of work, migrations, search index, checks."""

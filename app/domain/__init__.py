"""Pure Python: the values and rules of the trade. Imports nothing of the program."""

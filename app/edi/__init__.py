"""Electronic claims and remittances: text to values and back; none is built yet."""

"""The printed claim: where text stands, what stands there, and the PDF of it."""

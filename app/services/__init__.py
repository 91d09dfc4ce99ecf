"""Use cases. One public method = one use case = one unit of work; values in, values out."""

"""One module for each group of items of the form; every function is ClaimForm to texts by field."""

"""Set-up and checks of the project itself; never part of the program."""

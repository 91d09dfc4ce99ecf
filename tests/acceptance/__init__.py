"""Runs files of acceptance cases through the services, as the windows do."""

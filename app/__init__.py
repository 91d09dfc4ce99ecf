"""CleanClaim: billing for a solo US medical practice."""

__version__ = "0.1.0"

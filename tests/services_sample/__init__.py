"""Tests of the sample practice."""

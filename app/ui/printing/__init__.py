"""Sheets on real printers: painted cell by cell, corrected for each printer and tray."""

"""Spreadsheets, from CSV and XLSX files and back: cells that know where they stand."""

"""The language of cells that people write in spreadsheets, in Chinese and in English."""

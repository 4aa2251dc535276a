"""The workbook of a week: tables, the sheet that explains every column, and the writer."""

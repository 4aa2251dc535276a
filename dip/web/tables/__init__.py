"""Reading the tables that people send: workbooks, comma- or tab-separated files, cells pasted from a spreadsheet.

In: bytes or text. Out: a :class:`~dip.web.tables.terms.Table` of cells with their row numbers, and readers of numbers, days and times
that forgive notations and never guess in silence. Plain Python: nothing here knows what the cells are about.
"""

"""Periodic documents made from the monitors: the weekly mail with its workbook.

In: the monitors' answers. Out: mails and workbooks whose sums equal the pages.
"""

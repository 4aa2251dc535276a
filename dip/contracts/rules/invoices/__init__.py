"""Invoices of settlements: numbers and names checked, the content of a document, its UBL, and the rules it is checked by."""

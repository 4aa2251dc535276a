"""Borderels in templates: names of lines, figures in words, and what the checklist says."""

from django import template

from dip.contracts import settlement_words as words

register = template.Library()
register.filter("line_name", words.line_name)
register.filter("sold_text", words.sold_text)
register.filter("step_name", words.step_name)
register.filter("step_detail", words.step_detail)

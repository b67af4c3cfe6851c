"""The workbook of a list of matters."""

from xianxue.decisions.sheets import lists as lists  # makes its sheet known

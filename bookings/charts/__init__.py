"""Figures as inline SVG, drawn here: no script, no inline style, readable without colour.

Whoever shows a chart shows its figures as a table as well: the chart is one picture to a screen
reader. The looks are in static/css/charts.css.
"""

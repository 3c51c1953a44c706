"""Tables in, things to look at out: figures, readable tables, citations and sentences for notebooks."""

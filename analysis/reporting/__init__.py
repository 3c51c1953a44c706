"""From plan to papermill to documents to receipt: knows notebooks, not law.

A report is one function of a notebook, its parameters and a folder: ``run`` executes the notebook, ``manuscript`` takes
what it shows, ``documents`` writes the web page, the Word file and the PDF, ``receipt`` says what went in and came out,
``build`` does this for a whole plan. Nothing heavy is imported before it is needed.
"""

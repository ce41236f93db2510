"""The report on a file: read, summarized, modeled, and told.

- ``settings``  what is asked for                          - ``columns``   which column is what
- ``source``    CSV and Parquet as raw rows with lines     - ``values``    how dates and amounts are written
- ``reading``   a file to a summary                        - ``fits``      models fitted, and the one that is used
- ``customers`` predictions and the table of customers     - ``headline``  what there is to say, as a frozen object
- ``terminal``  the headline as text                       - ``writing``   the table of all customers to files
- ``progress``  how far the work is                        - ``problem``   what a person can put right

Needs the extra ``report`` (DuckDB, rich). Nothing here has a formula: the numbers are those of the core.
"""

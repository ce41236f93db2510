"""The report on a business: read, put together, analysed, and told.

- ``settings``  what is asked for                          - ``files``         which file is which table
- ``source``    CSV and Parquet as raw rows with lines     - ``values``        how dates and amounts are written
- ``columns``   which column is which field                - ``table_reader``  the values of one file
- ``reading``   files to a customer base                   - ``analysis``      what there is to say, from the core
- ``data``      it, as a frozen object                     - ``truth``         a simulated business against its truth
- ``wording``   why something is as it is                  - ``terminal``      the report as text
- ``writing``   the table of all customers to files        - ``progress``      how far the work is
- ``problem``   what a person can put right             - ``page``          the report as one page
- ``sections``  its tiles, plots and tables               - ``sentences``     its answer in plain words
- ``method``    how its numbers were made                 - ``groups``        customers of whom the same is said
- ``plots``     matplotlib Axes, and SVG for the page     - ``labels``        words and numbers of each language

Needs the extra ``report`` (DuckDB, Jinja2, matplotlib, rich). Nothing here has a formula: the numbers are those of the core.
"""

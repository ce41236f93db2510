"""The report on a business: read, put together, analysed, and told.

- ``settings``  what is asked for                          - ``files``         which file is which table
- ``source``    CSV and Parquet as raw rows with lines     - ``values``        how dates and amounts are written
- ``columns``   which column is which field                - ``table_reader``  the values of one file
- ``reading``   files to a customer base                   - ``analysis``      what there is to say, from the core
- ``data``      it, as a frozen object                     - ``truth``         a simulated business against its truth
- ``wording``   why something is as it is                  - ``terminal``      the report as text
- ``console``   where text is printed                      - ``writing``       the report and its table to files
- ``page``      the report as one page                     - ``sections``      its tiles, plots and tables
- ``sentences`` its answer in plain words                  - ``method``        how its numbers were made
- ``groups``    customers of whom the same is said         - ``plots``         matplotlib Axes, and SVG for the page
- ``labels``    words and numbers of each language         - ``progress``      how far the work is
- ``problem``   what a person can put right

Needs the extra ``report`` (DuckDB, Jinja2, matplotlib, rich). Nothing here has a formula: the numbers are those of the
core.
"""

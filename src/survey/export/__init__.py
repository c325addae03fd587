"""HANDING OUT: an instrument goes out (workbook, form, page, codebook), coded data go on (SPSS, R)."""

#!/usr/bin/env python3
"""Makes src/OnnxViz/Imaging/Fonts/Inter-Regular.otf, the letters of labels: of the Inter typeface (SIL Open Font License 1.1)
Latin, Greek, Cyrillic, punctuation, arrows and some signs, without hints and layout tables, which labels do not use.

Needs fontTools and Inter 3.19 (Debian: python3-fonttools fonts-inter). Run it from anywhere.
"""
import pathlib
from fontTools import subset

SOURCE = "/usr/share/fonts/opentype/inter/Inter-Regular.otf"
OUT = pathlib.Path(__file__).resolve().parent.parent / "src/OnnxViz/Imaging/Fonts/Inter-Regular.otf"
CHARACTERS = ("U+0020-007E,U+00A0-017F,U+0218-021B,U+0370-03FF,U+0400-045F,U+0490-0491,U+2010-2015,U+2018-201E,U+2020-2022,U+2026,"
              "U+2030,U+2032-2033,U+2039-203A,U+2070-2079,U+2080-2089,U+20AC,U+2190-2199,U+2202,U+2206,U+2211,U+2212,U+221A,"
              "U+221E,U+2248,U+2260,U+2264-2265")

subset.main([SOURCE, f"--unicodes={CHARACTERS}", "--layout-features=", "--no-hinting", "--notdef-outline", "--desubroutinize", "--no-recalc-timestamp",
             "--name-IDs=0,1,2,3,4,5,6,13,14", f"--output-file={OUT}"])

"""Compares .npy files of two runs: relative L2 error of each NAME.there.npy to NAME.here.npy, and its limit.

    compare.py FOLDER NAME=LIMIT...

Exit code 1 where one is beyond its limit or missing.
"""
import os
import sys

import numpy as np


def main():
    folder, failed = sys.argv[1], 0
    for text in sys.argv[2:]:
        name, limit = text.rsplit('=', 1)
        here, there = (os.path.join(folder, f'{name}.{side}.npy') for side in ('here', 'there'))
        if not (os.path.exists(here) and os.path.exists(there)):
            print(f'FAIL {name}: no result')
            failed += 1
            continue
        a, b = np.load(there).astype(np.float64), np.load(here).astype(np.float64)
        size = np.linalg.norm(b)
        error = np.linalg.norm(a - b) / (size if size > 0 else 1)
        good = a.shape == b.shape and error <= float(limit)
        failed += not good
        print(f'{"ok  " if good else "FAIL"} {name}: {error:.1e} (limit {float(limit):.0e})')
    print(f'{len(sys.argv) - 2 - failed} of {len(sys.argv) - 2} are as on the CPU')
    sys.exit(failed > 0)


if __name__ == '__main__':
    main()

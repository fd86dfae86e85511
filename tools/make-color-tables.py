#!/usr/bin/env python3
"""Prints src/OnnxViz/Imaging/ColorTables.cs from matplotlib's colour maps (Debian: apt-get install python3-matplotlib), and writes
matplotlib's own 256 colours of each to tests/OnnxViz.Tests/Fixtures/imaging/colors. Run from the repository root.

viridis is CC0; seismic and RdBu are straight lines between a few published colours, so these are enough.
"""
import pathlib

import matplotlib
import numpy as np

OUT = pathlib.Path("tests/OnnxViz.Tests/Fixtures/imaging/colors")


def colors(name):
    return matplotlib.colormaps[name](np.linspace(0, 1, 256), bytes=True)[:, :3].tobytes()


OUT.mkdir(parents=True, exist_ok=True)
for name in ("viridis", "seismic", "RdBu", "gray"):
    (OUT / f"{name}.rgb").write_bytes(colors(name))

print('''namespace OnnxViz.Imaging;

/// <summary>matplotlib's colours, 256 RGB triples each; written by tools/make-color-tables.py.</summary>
internal static class ColorTables
{
    private const string ViridisHex =''')
text = colors("viridis").hex()
rows = [text[i:i + 120] for i in range(0, len(text), 120)]
print("\n".join(f'        "{row}"{";" if row is rows[-1] else " +"}' for row in rows))
print('''
    /// <summary>Stéfan van der Walt and Nathaniel Smith, CC0.</summary>
    public static byte[] Viridis() => Convert.FromHexString(ViridisHex);
''')
for name in ("seismic", "RdBu"):
    hexes = "".join(bytes(round(255 * v) for v in point).hex() + " " for point in matplotlib.cm.datad[name]).strip()
    print(f'''    public static byte[] {name[0].upper() + name[1:]}() => Lines("{hexes}");
''')
print('''    /// <summary>Straight lines between evenly spaced colours.</summary>
    private static byte[] Lines(string anchors)
    {
        byte[][] points = [.. anchors.Split(' ').Select(Convert.FromHexString)];
        byte[] colors = new byte[3 * 256];
        for (int i = 0; i < colors.Length; i++)
        {
            double at = i / 3 / 255.0 * (points.Length - 1);
            int below = Math.Min((int)at, points.Length - 2);
            double from = points[below][i % 3], to = points[below + 1][i % 3];
            colors[i] = (byte)Math.Round(from + ((at - below) * (to - from)));
        }

        return colors;
    }
}''')

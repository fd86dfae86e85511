#!/usr/bin/env python3
"""Prints src/OnnxViz/Imaging/ColorTables.cs from matplotlib's colour maps (Debian: apt-get install python3-matplotlib), and writes
matplotlib's own 256 colours of each to tests/OnnxViz.Tests/Fixtures/imaging/colors. Run from the repository root.

viridis is CC0; seismic, RdBu and jet are straight lines between a few published colours, so these are enough.
"""
import pathlib

import matplotlib
import numpy as np

OUT = pathlib.Path("tests/OnnxViz.Tests/Fixtures/imaging/colors")


def colors(name):
    return matplotlib.colormaps[name](np.linspace(0, 1, 256), bytes=True)[:, :3].tobytes()


OUT.mkdir(parents=True, exist_ok=True)
for name in ("viridis", "jet", "seismic", "RdBu", "gray"):
    (OUT / f"{name}.rgb").write_bytes(colors(name))

print('''namespace OnnxViz.Imaging;

/// <summary>matplotlib's colours, 256 RGB triples each; written by tools/make_color_tables.py.</summary>
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
segments = ", ".join('"' + " ".join(f"{v:g}" for row in matplotlib.cm.datad["jet"][c] for v in row[:2]) + '"' for c in ("red", "green", "blue"))
print(f'''    public static byte[] Jet() => Segments({segments});
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

    /// <summary>Straight lines between places of each channel's own: pairs of place and strength, 0 to 1.</summary>
    private static byte[] Segments(params string[] channels)
    {
        double[][] points = [.. channels.Select(c => c.Split(' ').Select(double.Parse).ToArray())];
        byte[] colors = new byte[3 * 256];
        for (int i = 0; i < colors.Length; i++)
        {
            double[] own = points[i % 3];
            double at = i / 3 / 255.0;
            int k = 0;
            while (k + 4 < own.Length && own[k + 2] < at)
            {
                k += 2;
            }

            double value = own[k + 1] + ((at - own[k]) / (own[k + 2] - own[k]) * (own[k + 3] - own[k + 1]));
            colors[i] = (byte)Math.Round(255 * value);
        }

        return colors;
    }
}''')

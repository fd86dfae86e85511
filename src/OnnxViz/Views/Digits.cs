using System.Globalization;

namespace OnnxViz.Views;

/// <summary>Measured numbers as labels and tables show them.</summary>
internal static class Digits
{
    /// <summary>More digits than these another processor rounds otherwise.</summary>
    private const int Significant = 4;

    /// <summary>
    /// At most four significant digits and <paramref name="decimals"/> of them behind the point, without zeros at the end; what is too
    /// small for that in powers of ten, with two digits: 3644, 12.35, 0.0387, 2.1e-7.
    /// </summary>
    public static string Text(double value, int decimals = 4)
    {
        if (value == 0 || !double.IsFinite(value)) return value.ToString(CultureInfo.InvariantCulture);
        var before = (int)Math.Floor(Math.Log10(Math.Abs(value))) + 1;
        if (before > 6 || Math.Abs(value) < 0.5 * Math.Pow(10, -decimals))
            return value.ToString(before > 6 ? "0.###e0" : "0.#e0", CultureInfo.InvariantCulture);
        var tens = Math.Pow(10, Math.Max(0, before - Significant));
        var places = Math.Clamp(Significant - before, 0, decimals);
        return Math.Round(Math.Round(value / tens, places) * tens, places).ToString("0." + new string('#', places), CultureInfo.InvariantCulture);
    }
}

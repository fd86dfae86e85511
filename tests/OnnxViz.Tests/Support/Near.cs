using System.Globalization;
using OnnxViz.Graphs.Emit;
using Xunit;

namespace OnnxViz.Tests.Support;

/// <summary>Compares arrays of numbers, and says with numbers where they differ.</summary>
internal static class Near
{
    /// <summary>Every element within tolerance times the largest expected magnitude.</summary>
    /// <param name="what">What is compared, for the failure text.</param>
    /// <param name="expected">The truth.</param>
    /// <param name="actual">What we found.</param>
    /// <param name="tolerance">Relative; 0 asks for equality.</param>
    /// <param name="seed">Of the random numbers behind the case.</param>
    public static void Each(string what, double[] expected, double[] actual, double tolerance, int? seed = null)
    {
        Assert.True(expected.Length == actual.Length, $"{what}: {actual.Length} numbers instead of {expected.Length}.");
        var scale = expected.Length == 0 ? 0 : expected.Max(Math.Abs);
        var worst = 0;
        for (var i = 1; i < expected.Length; i++)
            if (!(Error(i) <= Error(worst))) worst = i;
        if (expected.Length == 0 || Error(worst) <= tolerance * scale) return;
        Assert.Fail(string.Create(
            CultureInfo.InvariantCulture,
            $"{what}: max error {Error(worst):g3} at index {worst} ({actual[worst]:g7} instead of {expected[worst]:g7}), "
            + $"tolerance {tolerance * scale:g3} ({tolerance:g3} of {scale:g3}){(seed is null ? "" : $", seed {seed}")}."));

        double Error(int i) => Math.Abs(expected[i] - actual[i]);
    }
}

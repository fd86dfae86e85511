using System.Globalization;

namespace OnnxViz.Cli.Shell;

/// <summary>Options that hold several numbers.</summary>
internal static class Numbers
{
    /// <param name="option">The option, for the message.</param>
    /// <param name="text">Numbers with commas between them.</param>
    /// <param name="count">How many there have to be; null for any number.</param>
    public static float[] Floats(string option, string text, int? count)
    {
        var parts = text.Split(',', StringSplitOptions.TrimEntries);
        // "--init noise:" has the numbers right behind it.
        var space = option.EndsWith(':') ? "" : " ";
        if (count is { } n && parts.Length != n) throw OnnxVizException.Usage($"{option}{space}{text}: {n} numbers are needed, such as {option}{space}0,1.");
        return Array.ConvertAll(parts, part =>
            float.TryParse(part, NumberStyles.Float, CultureInfo.InvariantCulture, out var number) && float.IsFinite(number)
                ? number
                : throw OnnxVizException.Usage($"{option}{space}{text}: '{part}' is not a number."));
    }

    /// <summary>"224" or "224x320": height, then width.</summary>
    public static (int Height, int Width) Size(string option, string text)
    {
        try
        {
            var size = PixelSize.Parse(text);
            return size.Depth is null ? (size.Height, size.Width) : throw new FormatException("H or HxW");
        }
        catch (FormatException e)
        {
            throw OnnxVizException.Usage($"{option} {text}: {e.Message} is needed.", e);
        }
    }
}

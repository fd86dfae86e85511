namespace OnnxViz.Imaging;

/// <summary>
/// What a picture's header may claim. It is checked before anything is allocated, so that a few lying bytes cannot take
/// the machine's memory.
/// </summary>
internal static class ImageLimits
{
    /// <summary>Width times height, at most. Three times this many bytes still fit one array.</summary>
    public const int MaxPixels = 200_000_000;

    /// <summary>Width or height, at most. It bounds what a single row can cost.</summary>
    public const int MaxSide = 1_000_000;

    /// <summary>Bytes of a file, at most: five for each pixel of the largest picture.</summary>
    public const int MaxFileBytes = 1_000_000_000;

    /// <summary>Refuses sides below 1 or above <see cref="MaxSide"/> and pictures above <see cref="MaxPixels"/>.</summary>
    /// <param name="width">As the header says, in pixels.</param>
    /// <param name="height">As the header says, in pixels.</param>
    /// <param name="name">The file, for the message.</param>
    /// <exception cref="OnnxVizException">The size is refused.</exception>
    public static void Check(int width, int height, string name)
    {
        if (width < 1 || height < 1)
        {
            throw OnnxVizException.Input($"Cannot read picture '{name}': its header says {width}x{height} pixels.");
        }

        if (width > MaxSide || height > MaxSide || (long)width * height > MaxPixels)
        {
            throw OnnxVizException.Input(
                $"Cannot read picture '{name}': its header says {width}x{height} pixels, more than the {MaxPixels / 1_000_000} million "
                + "that are read. Make it smaller first.");
        }
    }
}

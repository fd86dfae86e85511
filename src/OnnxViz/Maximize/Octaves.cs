namespace OnnxViz.Maximize;

/// <summary>
/// The sizes at which a picture is optimised one after the other, each from the enlarged result of the one before
/// (Mordvintsev et al., "Inceptionism", 2015): coarse structure is found while it is cheap, detail is added to it.
/// </summary>
/// <param name="Count">How many sizes; 1 is the picture's own alone.</param>
/// <param name="Scale">From one to the next.</param>
public sealed record Octaves(int Count = 1, double Scale = 1.4)
{
    /// <summary>Smaller pictures show a network nothing.</summary>
    private const int SmallestSide = 16;

    /// <summary>From the smallest to the given one, in pixels.</summary>
    /// <exception cref="OnnxVizException">The first would be too small to be a picture.</exception>
    public IReadOnlyList<(int Height, int Width)> Sizes(int height, int width)
    {
        (int Height, int Width)[] sizes = [.. Enumerable.Range(0, Count).Select(i => (Side(height, i), Side(width, i)))];
        if (Count > 1 && Math.Min(sizes[0].Height, sizes[0].Width) < SmallestSide)
        {
            throw OnnxVizException.Usage(
                $"--octaves {Count} at --octave-scale {Scale:0.###} begins with a picture of {sizes[0].Height}x{sizes[0].Width}: take fewer, or a larger --size ({SmallestSide} pixels are the least).");
        }

        return sizes;
    }

    private int Side(int side, int octave) => Math.Max(1, (int)Math.Round(side / Math.Pow(Scale, Count - 1 - octave)));
}

namespace OnnxViz.Datasets;

/// <summary>Random changes of pictures' bytes, [C, H, W]. What a picture becomes depends on the random numbers only.</summary>
internal static class PictureAugmentation
{
    /// <summary>Pixels that a crop moves by at most.</summary>
    public const int Padding = 4;

    /// <summary>Share of the area that a resized crop keeps at least.</summary>
    private const double LeastShare = 0.25;

    /// <summary>A crop's proportions lie between 3:4 and 4:3.</summary>
    private const double WidestRatio = 4.0 / 3;

    private const int Tries = 10;

    /// <summary>Moves and mirrors a picture, in place, as the augmentation says; a resized crop has been made before.</summary>
    /// <param name="chw">[channels, height, width].</param>
    /// <param name="scratch">As long, of any content.</param>
    /// <param name="size">Of the picture.</param>
    /// <param name="augmentation">Which.</param>
    /// <param name="random">The picture's own in this epoch.</param>
    public static void Apply(Span<byte> chw, Span<byte> scratch, PixelSize size, Augmentation augmentation, CounterRandom random)
    {
        if (augmentation is Augmentation.Crop or Augmentation.FlipCrop)
        {
            var (dx, dy) = (random.Next((2 * Padding) + 1) - Padding, random.Next((2 * Padding) + 1) - Padding);
            chw.CopyTo(scratch);
            Move(scratch, chw, size, dx, dy);
        }

        if (augmentation is Augmentation.Flip or Augmentation.FlipCrop or Augmentation.ResizedCrop && random.Next(2) == 1) Flip(chw, size.Width);
    }

    /// <summary>Mirrors every row, in place.</summary>
    public static void Flip(Span<byte> chw, int width)
    {
        for (var at = 0; at < chw.Length; at += width) chw.Slice(at, width).Reverse();
    }

    /// <summary>The picture that has (dx, dy) of the source at its corner; what lies outside is black.</summary>
    public static void Move(ReadOnlySpan<byte> source, Span<byte> target, PixelSize size, int dx, int dy)
    {
        var (h, w) = (size.Height, size.Width);
        target.Clear();
        var (left, right) = (Math.Max(0, -dx), Math.Min(w, w - dx));
        if (left >= right) return;
        for (var row = 0; row < source.Length / w; row++)
        {
            var y = (row % h) + dy;
            if (y < 0 || y >= h) continue;
            var from = (((row / h * h) + y) * w) + left + dx;
            source.Slice(from, right - left).CopyTo(target.Slice((row * w) + left, right - left));
        }
    }

    /// <summary>A part of a picture for RandomResizedCrop: area and proportions at random, as torchvision draws them, the middle where nothing fits.</summary>
    public static (int X, int Y, int Width, int Height) Part(int width, int height, CounterRandom random)
    {
        for (var i = 0; i < Tries; i++)
        {
            var area = width * (double)height * random.Uniform(LeastShare, 1);
            var ratio = Math.Exp(random.Uniform(-Math.Log(WidestRatio), Math.Log(WidestRatio)));
            var (w, h) = ((int)Math.Round(Math.Sqrt(area * ratio)), (int)Math.Round(Math.Sqrt(area / ratio)));
            if (w > 0 && h > 0 && w <= width && h <= height) return (random.Next(width - w + 1), random.Next(height - h + 1), w, h);
        }

        var (widest, tallest) = (Math.Min(width, (int)Math.Round(height * WidestRatio)), Math.Min(height, (int)Math.Round(width * WidestRatio)));
        return ((width - widest) / 2, (height - tallest) / 2, Math.Max(1, widest), Math.Max(1, tallest));
    }
}

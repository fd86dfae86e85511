namespace OnnxViz.Imaging;

/// <summary>A heat map laid over the picture that it explains.</summary>
public static class Overlay
{
    /// <param name="picture">Below.</param>
    /// <param name="heat">Above; a coloured map of the same size.</param>
    /// <param name="alpha">How much of <paramref name="heat"/> is seen, 0 to 1.</param>
    /// <param name="strength">
    /// [height, width], 0 to 1, times <paramref name="alpha"/>: lets the picture through where the map says nothing. Empty: 1.
    /// </param>
    /// <exception cref="ArgumentException">The sizes differ.</exception>
    public static Image Blend(Image picture, Image heat, float alpha, ReadOnlySpan<float> strength = default)
    {
        ArgumentNullException.ThrowIfNull(picture);
        ArgumentNullException.ThrowIfNull(heat);
        if ((picture.Width, picture.Height) != (heat.Width, heat.Height))
        {
            throw new ArgumentException(
                $"The picture is {picture.Width}x{picture.Height}, its map {heat.Width}x{heat.Height}.", nameof(heat));
        }

        if (!strength.IsEmpty)
        {
            MapRange.CheckSize(strength, picture.Width, picture.Height);
        }

        Image result = new(picture.Width, picture.Height);
        for (int i = 0; i < result.Pixels.Length; i++)
        {
            float share = Math.Clamp(alpha * (strength.IsEmpty ? 1 : strength[i / 3]), 0, 1);
            result.Pixels[i] = (byte)(picture.Pixels[i] + (share * (heat.Pixels[i] - picture.Pixels[i])) + 0.5f);
        }

        return result;
    }
}

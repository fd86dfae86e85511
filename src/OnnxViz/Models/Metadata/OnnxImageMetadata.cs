namespace OnnxViz.Models.Metadata;

/// <summary>
/// ONNX's own metadata of pictures (MetadataProps.md): Image.BitmapPixelFormat, Image.NominalPixelRange, Image.ColorSpaceGamma, as
/// Custom Vision and the converters for Windows ML write them. A range that is not said is Windows ML's default, 0..255.
/// </summary>
internal static class OnnxImageMetadata
{
    private const string Format = "Image.BitmapPixelFormat", Range = "Image.NominalPixelRange", Gamma = "Image.ColorSpaceGamma";

    /// <param name="metadata">Of the file.</param>
    /// <param name="channels">Of the input.</param>
    /// <returns>Null where there is none.</returns>
    /// <exception cref="FormatException">Words that ONNX does not know, or that do not fit the input.</exception>
    public static InputDescription? Read(IReadOnlyDictionary<string, string> metadata, int channels)
    {
        var said = new[] { Format, Range, Gamma }.Where(metadata.ContainsKey).ToList();
        if (said.Count == 0) return null;
        return new()
        {
            Source = $"its metadata {string.Join(", ", said)}",
            IsBgr = Of(Format, format => (format, channels) switch
            {
                ("Gray8", 1) => false,
                ("Rgb8" or "Rgba8", 3 or 4) => false,
                ("Bgr8" or "Bgra8", 3 or 4) => true,
                ("Gray8" or "Rgb8" or "Rgba8" or "Bgr8" or "Bgra8", _) => throw new FormatException($"'{format}' does not fit an input of {channels} channels"),
                _ => throw new FormatException($"'{format}' is none of Gray8, Rgb8, Bgr8, Rgba8, Bgra8"),
            }),
            Range = Of<(float, float)?>(Range, range => range switch
            {
                "NominalRange_0_255" => (0, 255),
                "Normalized_0_1" => (0, 1),
                "Normalized_1_1" => (-1, 1),
                "NominalRange_16_235" => (16, 235),
                _ => throw new FormatException($"'{range}' is none of NominalRange_0_255, Normalized_0_1, Normalized_1_1, NominalRange_16_235"),
            }) ?? (0, 255),
            IsLinear = Of(Gamma, gamma => gamma switch
            {
                "Linear" => true,
                "SRGB" => false,
                _ => throw new FormatException($"'{gamma}' is neither SRGB nor Linear"),
            }),
        };

        T? Of<T>(string key, Func<string, T> read)
        {
            try
            {
                return metadata.TryGetValue(key, out var word) ? read(word.Trim()) : default;
            }
            catch (FormatException e)
            {
                throw new FormatException($"'{key}' of its metadata is of no use: {e.Message}", e);
            }
        }
    }
}

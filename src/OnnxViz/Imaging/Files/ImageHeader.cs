using SkiaSharp;

namespace OnnxViz.Imaging.Files;

/// <summary>What a picture's file says of it before its pixels.</summary>
/// <param name="Size">Upright.</param>
/// <param name="IsGray">Whether one sample makes a pixel.</param>
internal readonly record struct ImageHeader(PixelSize Size, bool IsGray)
{
    private const int FirstTurned = 5;

    /// <returns>Null where it cannot be read; <see cref="ImageFile.Load"/> says why.</returns>
    public static ImageHeader? Read(string path)
    {
        try
        {
            if (FileStatus.Of(path).Kind != PathKind.File || new FileInfo(path).Length == 0) return null;
            using var stream = new SKFileStream(path);
            using var codec = stream.IsValid ? SKCodec.Create(stream) : null;
            if (codec is null) return null;
            var (width, height) = (codec.Info.Width, codec.Info.Height);
            ImageLimits.Check(width, height, path);
            var isTurned = (int)codec.EncodedOrigin >= FirstTurned;
            return new(isTurned ? new PixelSize(width, height) : new PixelSize(height, width), codec.Info.ColorType == SKColorType.Gray8);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or OnnxVizException)
        {
            return null;
        }
    }
}

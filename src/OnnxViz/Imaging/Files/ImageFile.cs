using SkiaSharp;

namespace OnnxViz.Imaging.Files;

/// <summary>Reads picture files. What a file is, its first bytes say, not its name.</summary>
public static class ImageFile
{
    /// <summary>The formats that are read, as a sentence names them.</summary>
    public const string Formats = "PNG, JPEG, WebP, BMP and GIF";

    // Pixels for each byte of the file, at most: PNG's deflate makes 1032 bytes, or eight times as many 1-bit pixels, of one byte;
    // a JPEG's emptiest block of 64 takes more than that. Of the others a few bytes may rightly fill any size.
    private const long MostPixelsPerByte = 8 * 1032;

    private static readonly string[] _extensions = [".png", ".jpg", ".jpeg", ".webp", ".bmp", ".gif"];

    /// <summary>Whether a file is called like a picture: for choosing among the files of a folder.</summary>
    public static bool HasPictureExtension(string path) => _extensions.Contains(Path.GetExtension(path), StringComparer.OrdinalIgnoreCase);

    /// <exception cref="OnnxVizException">The file is missing, cannot be opened, is too large, or is no picture that is read.</exception>
    public static Image Load(string path)
    {
        ArgumentNullException.ThrowIfNull(path);
        using var phase = Profiler.Phase("read pictures");
        return Decode(ReadBytes(path), path);
    }

    /// <summary>
    /// The picture upright by its EXIF orientation; of an animation the first frame. 16-bit samples keep their high byte, grey is
    /// tripled; alpha is dropped, so that a transparent pixel has the colour that is stored; gamma and colour profiles are ignored.
    /// </summary>
    /// <param name="bytes">The whole file.</param>
    /// <param name="name">The file, for the message.</param>
    /// <exception cref="OnnxVizException">None of <see cref="Formats"/>, or truncated, damaged, too large.</exception>
    public static unsafe Image Decode(byte[] bytes, string name)
    {
        ArgumentNullException.ThrowIfNull(bytes);
        if (bytes.Length == 0)
            throw Unreadable(name, $"{Formats} are read, and the file is empty");
        fixed (byte* start = bytes)
        {
            using var data = SKData.Create((nint)start, bytes.Length);
            using var codec = SKCodec.Create(new SKMemoryStream(data), out var result);
            if (codec is null)
                throw Failed(name, result);
            if (codec.EncodedFormat is not (SKEncodedImageFormat.Png or SKEncodedImageFormat.Jpeg or SKEncodedImageFormat.Webp
                or SKEncodedImageFormat.Bmp or SKEncodedImageFormat.Gif))
                throw Failed(name, SKCodecResult.Unimplemented);

            ImageLimits.Check(codec.Info.Width, codec.Info.Height, name);
            if (codec.EncodedFormat is SKEncodedImageFormat.Png or SKEncodedImageFormat.Jpeg
                && (long)codec.Info.Width * codec.Info.Height > bytes.Length * MostPixelsPerByte)
                throw Unreadable(name, $"the file is truncated, {bytes.Length} bytes cannot hold the {codec.Info.Width}x{codec.Info.Height} pixels of its header");
            var stored = Opaque(codec, name);
            return Orientation(codec, bytes, name).Apply(stored);
        }
    }

    /// <summary>Skia reads no orientation in a PNG, nor one that is stored as LONG.</summary>
    private static ExifOrientation Orientation(SKCodec codec, byte[] bytes, string name) => codec.EncodedFormat switch
    {
        SKEncodedImageFormat.Png => ExifOrientation.Read(PngChunk.ReadAll(bytes, name).FirstOrDefault(chunk => chunk.Type == "eXIf").Data.Span),
        SKEncodedImageFormat.Jpeg => ExifOrientation.Read(JpegSegments.Of(bytes) is { IsWhole: true } segments ? segments.Exif.Span : throw Failed(name, SKCodecResult.IncompleteInput)),
        // Skia numbers the orientations as EXIF does.
        _ => ExifOrientation.Of((int)codec.EncodedOrigin),
    };

    private static unsafe Image Opaque(SKCodec codec, string name)
    {
        var (width, height) = (codec.Info.Width, codec.Info.Height);
        // No colour space: samples come as they are stored.
        var format = new SKImageInfo(width, height, SKColorType.Rgba8888, SKAlphaType.Unpremul, null);
        var pixels = new byte[format.BytesSize];
        fixed (byte* first = pixels)
        {
            var result = codec.GetPixels(format, (nint)first);
            if (result != SKCodecResult.Success)
                throw Failed(name, result);
        }

        var image = new Image(width, height);
        for (int from = 0, to = 0; from < pixels.Length; from += 4, to += 3)
            pixels.AsSpan(from, 3).CopyTo(image.Pixels.AsSpan(to, 3));
        return image;
    }

    private static OnnxVizException Failed(string name, SKCodecResult result) => Unreadable(name, result switch
    {
        SKCodecResult.IncompleteInput => "the file is truncated",
        SKCodecResult.Unimplemented => $"{Formats} are read, and the file is none of these",
        _ => "the file is damaged, or of a kind that is not read",
    });

    private static byte[] ReadBytes(string path)
    {
        try
        {
            if (FileStatus.Of(path).Kind is var kind and not (PathKind.File or PathKind.Nothing))
                throw Unreadable(path, $"it is {FileStatus.Text(kind)}, no ordinary file");
            RunFiles.Reads(path);
            // Where the system does not say what it is, pipes and devices have no length either; reading one could take for ever.
            using var file = (File.ResolveLinkTarget(path, returnFinalTarget: true) ?? new FileInfo(path)) is FileInfo { Exists: true, Length: 0 }
                ? throw Unreadable(path, "it is empty, or no ordinary file")
                : File.OpenRead(path);
            if (file.Length > ImageLimits.MaxFileBytes)
                throw Unreadable(path, $"it has {file.Length} bytes, more than the {ImageLimits.MaxFileBytes} that are read");
            var bytes = new byte[file.Length];
            file.ReadExactly(bytes);
            return bytes;
        }
        catch (Exception error) when (error is FileNotFoundException or DirectoryNotFoundException)
        {
            throw OnnxVizException.Input($"Picture '{path}' does not exist.", error);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException or ArgumentException or NotSupportedException)
        {
            throw Unreadable(path, error.Message.ReplaceLineEndings(" ").TrimEnd('.'), error);
        }
    }

    private static OnnxVizException Unreadable(string name, string reason, Exception? inner = null) =>
        OnnxVizException.Input($"Cannot read picture '{name}': {reason}.", inner);
}

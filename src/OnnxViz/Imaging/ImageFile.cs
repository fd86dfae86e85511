namespace OnnxViz.Imaging;

/// <summary>Reads picture files. What a file is, its first bytes say, not its name.</summary>
public static class ImageFile
{
    private static ReadOnlySpan<byte> JpegSignature => [0xFF, 0xD8, 0xFF];

    /// <exception cref="OnnxVizException">The file is missing, cannot be opened, or is no picture that is read.</exception>
    public static Image Load(string path)
    {
        ArgumentNullException.ThrowIfNull(path);
        return Decode(ReadBytes(path), path);
    }

    /// <param name="bytes">The whole file.</param>
    /// <param name="name">The file, for the message.</param>
    /// <exception cref="OnnxVizException">Neither PNG nor JPEG, or cut off, damaged, too large.</exception>
    public static Image Decode(byte[] bytes, string name)
    {
        ArgumentNullException.ThrowIfNull(bytes);
        if (bytes.AsSpan().StartsWith(PngChunk.Signature))
        {
            return PngReader.Read(bytes, name);
        }

        if (bytes.AsSpan().StartsWith(JpegSignature))
        {
            return JpegReader.Read(bytes, name);
        }

        string what = bytes.Length == 0 ? "the file is empty" : "the file is neither";
        throw OnnxVizException.Input($"Cannot read picture '{name}': PNG and JPEG are read, and {what}.");
    }

    private static byte[] ReadBytes(string path)
    {
        try
        {
            return File.ReadAllBytes(path);
        }
        catch (Exception error) when (error is FileNotFoundException or DirectoryNotFoundException)
        {
            throw OnnxVizException.Input($"Picture '{path}' does not exist.", error);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException or ArgumentException or NotSupportedException)
        {
            string reason = Directory.Exists(path) ? "it is a folder" : error.Message.ReplaceLineEndings(" ");
            throw OnnxVizException.Input($"Cannot open picture '{path}': {reason}", error);
        }
    }
}

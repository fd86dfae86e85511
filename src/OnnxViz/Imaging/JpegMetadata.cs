namespace OnnxViz.Imaging;

/// <summary>What application segments tell about the picture: its colours and which way up it is.</summary>
internal sealed class JpegMetadata
{
    private bool _hasExif;

    public bool IsJfif { get; private set; }

    /// <summary>Adobe's colour transform: 0 none, 1 YCbCr, 2 YCCK; null without an Adobe segment.</summary>
    public int? AdobeTransform { get; private set; }

    public ExifOrientation Orientation { get; private set; } = ExifOrientation.Upright;

    public void Read(int marker, JpegInput segment)
    {
        ReadOnlySpan<byte> content = segment.Rest;
        if (marker == JpegMarker.App0 && content.Length >= 14 && content.StartsWith("JFIF\0"u8))
        {
            IsJfif = true;
        }
        else if (marker == JpegMarker.App14 && content.Length >= 12 && content.StartsWith("Adobe"u8))
        {
            AdobeTransform = content[11];
        }
        else if (marker == JpegMarker.App1 && !_hasExif && content.StartsWith("Exif\0"u8) && content.Length >= 6)
        {
            _hasExif = true;
            Orientation = ExifOrientation.Read(content[6..]);
        }
    }
}

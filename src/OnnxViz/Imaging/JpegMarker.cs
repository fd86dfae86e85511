namespace OnnxViz.Imaging;

/// <summary>The second bytes of the markers that are acted upon (ITU-T T.81, table B.1).</summary>
internal static class JpegMarker
{
    public const int ProgressiveFrame = 0xC2;
    public const int HuffmanTables = 0xC4;
    public const int ArithmeticConditioning = 0xCC;
    public const int Restart0 = 0xD0;
    public const int Start = 0xD8;
    public const int End = 0xD9;
    public const int Scan = 0xDA;
    public const int QuantizationTables = 0xDB;
    public const int RestartInterval = 0xDD;
    public const int App0 = 0xE0;
    public const int App1 = 0xE1;
    public const int App14 = 0xEE;

    public static bool IsFrame(int code) => code is >= 0xC0 and <= 0xCF and not (HuffmanTables or 0xC8 or ArithmeticConditioning);

    /// <summary>Markers that stand alone: no length and no content follow.</summary>
    public static bool IsBare(int code) => code is 0x01 or (>= Restart0 and <= Start);
}

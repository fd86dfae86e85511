using SixLabors.ImageSharp;
using VerifyTests;

namespace OnnxViz.Verify;

/// <summary>Makes Verify hold pictures against accepted ones.</summary>
public static class VerifyPictures
{
    /// <summary>To be called once, before the first test: from a module initializer.</summary>
    /// <param name="tolerance">How far pictures may lie apart; null for <see cref="PictureTolerance.Default"/>.</param>
    public static void Initialize(PictureTolerance? tolerance = null)
    {
        VerifierSettings.RegisterFileConverter<Imaging.Image>((picture, _) => Png(picture.ToImageSharp()));
        VerifierSettings.RegisterFileConverter<Image>((picture, _) => Png(picture));
        VerifierSettings.RegisterStreamComparer("png", (received, verified, _) => Task.FromResult(Compare(received, verified, tolerance ?? PictureTolerance.Default)));
    }

    private static ConversionResult Png(Image picture)
    {
        var stream = new MemoryStream();
        picture.SaveAsPng(stream);
        stream.Position = 0;
        return new ConversionResult(null, "png", stream);
    }

    private static CompareResult Compare(Stream received, Stream verified, PictureTolerance tolerance)
    {
        using Image a = Image.Load(received), b = Image.Load(verified);
        return tolerance.Difference(a.ToOnnxViz(), b.ToOnnxViz()) is { } why ? CompareResult.NotEqual(why) : CompareResult.Equal;
    }
}

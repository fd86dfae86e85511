using OnnxViz.Imaging.Files;
using OnnxViz.Imaging.Resample;
using OnnxViz.Onnx;
using OnnxViz.Options;

namespace OnnxViz.Optimize.Parameterizations;

/// <summary>
/// How strong the frequencies of natural pictures are, for three decorrelated colours: what MACO holds fast. Only the
/// shape matters, as the picture is standardised.
/// </summary>
public sealed class MagnitudeSpectrum : IFromFiles
{
    /// <summary>Mean magnitude over ImageNet's pictures per octave, from 0.002 cycles per pixel on (xplique's template, colour 0).</summary>
    private static readonly double[] Octaves = [80140, 27620, 11130, 4518, 1757, 629, 195, 30];

    private const string Argument = "Magnitudes";

    private const double LowestFrequency = 0.002;

    /// <summary>Of a side of the arrays that are averaged over pictures.</summary>
    private const int MeasuredSide = 256;

    private readonly Func<int, int, float[]> _magnitudes;
    private readonly string _path = "";

    private MagnitudeSpectrum(Func<int, int, float[]> magnitudes) => _magnitudes = magnitudes;

    private MagnitudeSpectrum(string path, IReadOnlyList<string> files)
    {
        var isArray = Path.GetExtension(path).Equals(".npy", StringComparison.OrdinalIgnoreCase);
        (_path, Files, _magnitudes) = (path, files, (isArray ? Of(NpyFile.Load(path)) : Of(files.Select(ImageFile.Load)))._magnitudes);
    }

    /// <inheritdoc/>
    public IReadOnlyList<string> Files { get; } = [];

    /// <summary>Falls with the frequency as ImageNet's pictures do, equally for all colours and directions.</summary>
    public static MagnitudeSpectrum Natural { get; } = new((height, width) =>
    {
        var radial = Array.ConvertAll(new RealFourier(height, width).Frequencies(), f => (float)Radial(Math.Max(f, 1.0 / Math.Max(height, width))));
        return [.. radial, .. radial, .. radial];
    });

    /// <param name="path">A picture, a folder of pictures, or a .npy as <see cref="Of(Tensor)"/> takes it.</param>
    /// <exception cref="OnnxVizException">Not readable, or of another shape.</exception>
    public static MagnitudeSpectrum Parse(string path)
    {
        if (!Directory.Exists(path)) return new(path, [path]);
        string[] pictures = [.. Directory.EnumerateFiles(path).Where(ImageFile.HasPictureExtension).Order(StringComparer.Ordinal)];
        return pictures.Length > 0
            ? new(path, pictures)
            : throw OnnxVizException.BadArgument(Argument, $"'{path}': no picture ({ImageFile.Formats}) in this folder.", Fault.Input);
    }

    /// <summary>The path that it was read from; empty where there is none.</summary>
    public override string ToString() => _path;

    /// <param name="template">[3, H, W/2 + 1] magnitudes of pictures of any one size, as numpy.fft.rfft2 orders them.</param>
    /// <exception cref="OnnxVizException">Another shape, or numbers that cannot be magnitudes.</exception>
    public static MagnitudeSpectrum Of(Tensor template)
    {
        if (template.Dims is not [3, >= 2, >= 2])
            throw OnnxVizException.BadArgument(Argument, $"holds {template}: [3,H,W/2+1] is needed, the magnitudes of numpy.fft.rfft2 for three decorrelated colours.", Fault.Input);
        var values = template.ToFloats();
        if (!values.All(v => v >= 0 && float.IsFinite(v)) || values.All(v => v == 0)) throw OnnxVizException.BadArgument(Argument, "holds negative or infinite numbers, or zeros only: magnitudes are needed.", Fault.Input);
        return new((height, width) => Resampled(values, (int)template.Dims[1], (int)template.Dims[2], height, width));
    }

    /// <summary>The mean over pictures, each brought to 256 x 256 from its middle.</summary>
    /// <param name="pictures">At least one.</param>
    public static MagnitudeSpectrum Of(IEnumerable<Image> pictures)
    {
        var fourier = new RealFourier(MeasuredSide, MeasuredSide);
        var size = MeasuredSide * fourier.Half;
        var sum = new double[3 * size];
        foreach (var picture in pictures)
        {
            var square = ImageOps.CenterCrop(ImageOps.ResizeShortSide(picture, MeasuredSide, ResampleFilter.Bicubic), MeasuredSide, MeasuredSide);
            foreach (var (c, plane) in DecorrelatedColors.FromPicture(Pictures.ToPlanes(square)).Index())
                foreach (var (i, value) in fourier.Forward(plane).Index()) sum[(c * size) + i] += value.Magnitude;
        }

        return Of(Tensor.Of(Array.ConvertAll(sum, s => (float)s), 3, MeasuredSide, fourier.Half));
    }

    /// <summary>[3, H, W/2 + 1] for pictures of a size.</summary>
    internal float[] Magnitudes(int height, int width) => _magnitudes(height, width);

    /// <summary>Straight lines between the octaves' middles, in logarithms of both; the outer ones go on.</summary>
    private static double Radial(double frequency)
    {
        var place = Math.Log2(frequency / LowestFrequency) - 0.5;
        var below = Math.Clamp((int)Math.Floor(place), 0, Octaves.Length - 2);
        var (low, high) = (Math.Log(Octaves[below]), Math.Log(Octaves[below + 1]));
        return Math.Exp(low + ((place - below) * (high - low)));
    }

    /// <summary>Looked up at the same frequencies, linearly in both directions; rows run around.</summary>
    private static float[] Resampled(float[] template, int rows, int half, int height, int width)
    {
        var newHalf = (width / 2) + 1;
        var result = new float[3 * height * newHalf];
        for (var i = 0; i < result.Length; i++)
        {
            var (c, ky, kx) = (i / (height * newHalf), i / newHalf % height, i % newHalf);
            // The sign of a row's frequency is that of the nearer way round.
            var y = (double)(ky <= (height - 1) / 2 ? ky : ky - height) / height * rows;
            var x = Math.Min((double)kx / (newHalf - 1) * (half - 1), half - 1);
            var (y0, x0) = ((int)Math.Floor(y), Math.Min((int)x, half - 2));
            var (fy, fx) = (y - y0, x - x0);
            result[i] = (float)(((1 - fy) * (((1 - fx) * At(y0, x0)) + (fx * At(y0, x0 + 1)))) + (fy * (((1 - fx) * At(y0 + 1, x0)) + (fx * At(y0 + 1, x0 + 1)))));

            float At(int row, int column) => template[(((c * rows) + ((row + rows) % rows)) * half) + column];
        }

        return result;
    }
}

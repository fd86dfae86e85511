using OnnxViz.Imaging.Resample;

namespace OnnxViz.Optimize.Parameterizations;

/// <summary>
/// A Laplacian pyramid (Burt and Adelson 1983; Lucid's param/spatial.py): the sum of pictures of the sides H, H/2, H/4
/// and so on, enlarged bilinearly, in decorrelated colours behind a sigmoid. A step moves coarse and fine structure alike.
/// </summary>
internal sealed class LaplacianParameterization(int height, int width) : Parameterization(height, width)
{
    private const double Deviation = 0.01;

    /// <summary>Of the coarsest picture: four levels at Lucid's 128 pixels, more for larger ones.</summary>
    private const int CoarsestSide = 16;

    private const int Channels = 3;

    private readonly (int Height, int Width)[] _levels = [.. Levels(height, width)];

    /// <summary>[3, pixels of all levels], the finest first.</summary>
    public override long[] Dims => [Channels, _levels.Sum(l => l.Height * l.Width)];

    public override float[] Noise(CounterRandom random) =>
        [.. Enumerable.Range(0, (int)Shapes.Count(Dims)).Select(_ => (float)(Deviation * random.Normal()))];

    public override Value Picture(IEmitter e, Value parameter)
    {
        using var scope = e.Builder.Scope("laplacian");
        var n = parameter.StaticDims()[0];
        Value? sum = null;
        var start = 0L;
        foreach (var (h, w) in _levels)
        {
            var level = e.Reshape(e.Slice(parameter, [start], [start + (h * w)], [2]), n, Channels, h, w);
            var enlarged = e.Resize(level, Height, Width, ResampleFilter.Bilinear);
            sum = sum is null ? enlarged : e.Add(sum, enlarged);
            start += h * w;
        }

        return DecorrelatedColors.ToPicture(e, sum!);
    }

    /// <summary>Coarse levels take what they can of the picture, the finest what is left: their sum is the picture.</summary>
    public override float[] FromPicture(float[] picture)
    {
        var result = new List<float>();
        foreach (var plane in DecorrelatedColors.FromPicture(picture))
        {
            var rest = Array.ConvertAll(plane, v => (float)v);
            var parts = new float[_levels.Length][];
            for (var i = _levels.Length - 1; i > 0; i--)
            {
                var (h, w) = _levels[i];
                parts[i] = MapResampler.Resize(rest, Width, Height, w, h);
                var shown = MapResampler.Resize(parts[i], w, h, Width, Height);
                for (var k = 0; k < rest.Length; k++) rest[k] -= shown[k];
            }

            parts[0] = rest;
            result.AddRange(parts.SelectMany(p => p));
        }

        return [.. result];
    }

    private static IEnumerable<(int Height, int Width)> Levels(int height, int width)
    {
        yield return (height, width);
        while (Math.Min(height, width) / 2 >= CoarsestSide) yield return (height /= 2, width /= 2);
    }
}

using OnnxViz.Graphs;
using OnnxViz.Graphs.Emit;
using OnnxViz.Imaging;
using OnnxViz.Models;
using OnnxViz.Onnx;
using OnnxViz.Optimize.Parameterizations;
using OnnxViz.Runtime;
using OnnxViz.Tests.Support;
using Xunit;

namespace OnnxViz.Tests.Optimize;

/// <summary>Pictures from parameters, against NumPy and PyTorch (tools/make_maximize_fixtures.py).</summary>
public class ParameterizationTests
{
    [Theory]
    [InlineData("maco-even", 6, 8)]
    [InlineData("maco-odd", 7, 5)]
    public void Phases_under_a_template_are_NumPys_picture(string fixture, int height, int width)
    {
        long[] dims = [3, height, (width / 2) + 1];
        var pattern = Pattern((int)Shapes.Count(dims));
        var template = Tensor.Of([.. pattern.Reverse().Select(p => Math.Abs(p) + 0.1f)], dims);
        var maco = new MacoParameterization(height, width, MagnitudeSpectrum.Of(template));
        Assert.Equal(dims, maco.Dims);
        Check(fixture, maco, pattern);
    }

    [Fact]
    public void Levels_add_up_as_PyTorchs_do()
    {
        var laplacian = new LaplacianParameterization(32, 37);
        Assert.Equal([3, (32 * 37) + (16 * 18)], laplacian.Dims);
        Check("laplacian", laplacian, Pattern((int)Shapes.Count(laplacian.Dims)));
    }

    [Theory]
    [InlineData(32, 37)]
    [InlineData(21, 16)]
    public void The_parameter_of_a_picture_gives_that_picture(int height, int width)
    {
        float[] picture = [.. Enumerable.Range(0, 3 * height * width).Select(i => 0.02f + (0.96f * (i * 31 % 100 / 100f)))];
        foreach (Parameterization p in new Parameterization[]
            { new FourierParameterization(height, width, 1.1), new LaplacianParameterization(height, width), new PixelParameterization(height, width) })
            Near.Each(p.GetType().Name, [.. picture.Select(v => (double)v)], Picture(p, p.FromPicture(picture)), 2e-5);
    }

    [Fact]
    public void A_picture_of_natural_magnitudes_survives_as_its_phases()
    {
        var maco = new MacoParameterization(32, 24, MagnitudeSpectrum.Natural);
        var picture = Picture(maco, maco.Noise(new CounterRandom(3, 0)));
        var again = Picture(maco, maco.FromPicture([.. picture.Select(v => (float)v)]));
        // Standardising moves each phase a little.
        Assert.True(MathNet.Numerics.Statistics.Correlation.Pearson(picture, again) > 0.97);
    }

    [Fact]
    public void Noise_has_the_magnitudes_that_were_asked_for_and_no_bright_corner()
    {
        var (height, width) = (64, 64);
        var maco = new MacoParameterization(height, width, MagnitudeSpectrum.Natural);
        var planes = DecorrelatedColors.FromPicture([.. Picture(maco, maco.Noise(new CounterRandom(1, 0))).Select(v => (float)v)]);
        var spectrum = new RealFourier(height, width).Forward(planes[0]);
        var expected = MagnitudeSpectrum.Natural.Magnitudes(height, width);
        // One row away from the axes, where a frequency and its mirror image are two numbers of the half.
        double[] found = [.. Enumerable.Range(1, 30).Select(k => spectrum[(5 * 33) + k].Magnitude)];
        double[] wanted = [.. Enumerable.Range(1, 30).Select(k => (double)expected[(5 * 33) + k])];
        var scale = found.Sum() / wanted.Sum();
        Near.Each("magnitudes", [.. wanted.Select(w => w * scale)], found, 1e-3);
        Assert.True(Math.Abs(planes[0][0]) < 4 * Math.Sqrt(planes[0].Average(v => v * v)));
    }

    [Fact]
    public void Natural_magnitudes_fall_as_the_template_does()
    {
        // The middles of the octaves from 0.016 and from 0.032 cycles per pixel: 4518 and 1757 are three and four octaves above the lowest.
        var magnitudes = MagnitudeSpectrum.Natural.Magnitudes(2048, 2048);
        var low = magnitudes[(int)Math.Round(2048 * 0.016 * Math.Sqrt(2))];
        var high = magnitudes[(int)Math.Round(2048 * 0.032 * Math.Sqrt(2))];
        Assert.Equal(4518.0 / 1757, low / high, 0.05);
    }

    [Fact]
    public void Magnitudes_of_pictures_are_their_mean()
    {
        var (flat, wave) = (new Image(256, 256), new Image(256, 256));
        Array.Fill(flat.Pixels, (byte)128);
        for (var i = 0; i < wave.Pixels.Length; i++) wave.Pixels[i] = (byte)Math.Round(127.5 + (60 * Math.Cos(2 * Math.PI * 16 * (i / 3 % 256) / 256)));
        var magnitudes = MagnitudeSpectrum.Of([flat, wave]).Magnitudes(128, 128);
        // 16 waves in 256 pixels are 8 in 128: that frequency stands out.
        Assert.Equal(8, Array.IndexOf(magnitudes, magnitudes.AsSpan(1, 64).ToArray().Max()));
    }

    [Fact]
    public void Numbers_that_are_no_magnitudes_are_refused()
    {
        Assert.Contains("[3,H,W/2+1]", Assert.Throws<OnnxVizException>(() => MagnitudeSpectrum.Of(Tensor.Of(new float[8], 2, 4))).Message, StringComparison.Ordinal);
        Assert.Throws<OnnxVizException>(() => MagnitudeSpectrum.Of(Tensor.Of(new float[12], 3, 2, 2)));
        Assert.Throws<OnnxVizException>(() => MagnitudeSpectrum.Of(Tensor.Of([.. new float[11], -1f], 3, 2, 2)));
    }

    private static void Check(string fixture, Parameterization parameterization, float[] parameter)
    {
        var expected = NpyFile.Load(Repository.Fixture($"maximize/{fixture}.npy"));
        Near.Each(fixture, expected.ToDoubles(), Picture(parameterization, parameter), 1e-5);
    }

    private static double[] Picture(Parameterization parameterization, float[] parameter)
    {
        var b = new GraphBuilder();
        b.Output("picture", parameterization.Picture(b, b.Input("parameter", ElementType.Float, [1, .. parameterization.Dims])));
        using var session = new Session(b.Build(), new RuntimeOptions(Device.Cpu, Threads: 1));
        return session.Run(new Dictionary<string, Tensor> { ["parameter"] = Tensors.Join([parameter], parameterization.Dims) })["picture"].ToDoubles();
    }

    /// <summary>The pattern of the script.</summary>
    internal static float[] Pattern(int count) => [.. Enumerable.Range(0, count).Select(i => (float)((((37L * i) + (5L * i * i)) % 256) - 128) / 64)];
}

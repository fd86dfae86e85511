using OnnxViz.Graphs;
using OnnxViz.Graphs.Emit;
using OnnxViz.Optimize.Transforms;
using OnnxViz.Runtime;
using OnnxViz.Tests.Support;
using OnnxViz.Tests.Support.Networks;
using Xunit;

namespace OnnxViz.Tests.Optimize;

/// <summary>Every transform is a linear map and its transpose.</summary>
public class TransformationTests
{
    private const int Rows = 2;

    private static readonly RuntimeOptions OneThread = new(Device.Cpu, Threads: 1);

    [Theory]
    [InlineData("lucid")]
    [InlineData("pad:3")]
    [InlineData("jitter:5")]
    [InlineData("scale:0.5..2")]
    [InlineData("scale:4,rotate:45")]
    [InlineData("scale:0.3..0.4,rotate:170..180")]
    [InlineData("roi:0.3..0.1,crops:3")]
    [InlineData("crops:2")]
    [InlineData("resize:17")]
    [InlineData("rotate:20,roi:0.5,jitter:3,rotate:5..9,crops:2")]
    [InlineData("pad,jitter,scale,rotate,jitter:4,crops:3")]
    public void The_adjoint_is_the_transpose(string spec)
    {
        var (dims, size) = (new long[] { Rows, 3, 20, 26 }, (20, 26));
        var transformation = new Transformation(Transforms.Parse(spec), size, null);
        var b = new GraphBuilder();
        var x = b.Input("x", ElementType.Float, dims);
        var transformed = transformation.Forward(b, x);
        var y = transformed.Views;
        var g = b.Input("g", ElementType.Float, y.StaticDims());
        b.Output("y", y);
        b.Output("back", transformed.Adjoint(g));
        using var session = new Session(b.Build(), OneThread);
        var random = new Random(5);
        for (var draw = 0; draw < 6; draw++)
        {
            var (picture, gradient) = (TinyTensors.Random(ElementType.Float, random, dims), TinyTensors.Random(ElementType.Float, random, y.StaticDims()));
            var drawn = Drawn(transformed, (ulong)draw);
            var shown = Run(picture);
            var gray = Run(Tensor.Of(new float[picture.Count], dims));
            // <A x, g> = <x, A' g>, where A' gives the mean over the views.
            var left = Dot(shown.Y, gradient.ToDoubles()) - Dot(gray.Y, gradient.ToDoubles());
            var right = transformation.Views * Dot(picture.ToDoubles(), shown.Back);
            Assert.True(Math.Abs(left - right) <= 1e-4 * Math.Sqrt(Dot(gradient.ToDoubles(), gradient.ToDoubles())), $"{spec}, draw {draw}: {left} and {right}");

            (double[] Y, double[] Back) Run(Tensor shownPicture)
            {
                var result = session.Run(new Dictionary<string, Tensor>(drawn) { ["x"] = shownPicture, ["g"] = gradient });
                return (result["y"].ToDoubles(), result["back"].ToDoubles());
            }
        }
    }

    [Theory]
    [InlineData("lucid", 25, 31)]
    [InlineData("pad,jitter,jitter:4", 32, 38)]
    [InlineData("pad:3", 26, 32)]
    [InlineData("jitter:6,jitter:2", 12, 18)]
    [InlineData("resize:40", 40, 52)]
    [InlineData("roi,resize:10,jitter:2", 8, 11)]
    [InlineData("noise", 20, 26)]
    public void What_is_seen_has_the_size_that_the_steps_lead_to(string spec, int height, int width)
    {
        Assert.Equal((height, width), new Transformation(Transforms.Parse(spec), (20, 26), null).Seen);
        Assert.Equal(spec == "noise" ? (20, 26) : (33, 33), new Transformation(Transforms.Parse(spec), (20, 26), (33, 33)).Seen);
    }

    [Fact]
    public void A_gray_picture_stays_gray_wherever_one_looks()
    {
        foreach (var spec in new[] { "lucid", "pad:9,roi:0.9,crops:4", "scale:0.4..0.5" })
        {
            var shown = Shown(spec, Tensor.Of([.. Enumerable.Repeat(0.5f, 3 * 20 * 26)], 1, 3, 20, 26));
            Near.Each(spec, [.. Enumerable.Repeat(0.5, shown.Length)], shown, 1e-6);
        }
    }

    [Fact]
    public void A_jitter_moves_whole_pixels()
    {
        var picture = TinyTensors.Random(ElementType.Float, new Random(3), 1, 3, 20, 26);
        var values = picture.ToFloats().Select(v => (double)v).ToHashSet();
        Assert.All(Shown("jitter:6", picture), v => Assert.Contains(v, values));
    }

    [Fact]
    public void A_jitter_that_leaves_nothing_is_refused()
    {
        var error = Assert.Throws<OnnxVizException>(() => new Transformation(Transforms.Parse("pad:2,jitter:24"), (20, 26), null));
        Assert.Contains("24x30", error.Message, StringComparison.Ordinal);
        Assert.Equal((1, 7), new Transformation(Transforms.Parse("pad:2,jitter:23"), (20, 26), null).Seen);
    }

    [Fact]
    public void Lucids_set_spelled_out_is_the_same()
    {
        Assert.Equal("lucid", Transforms.Parse("pad:12,jitter:8,scale:0.9-1.1,rotate:-10..10,jitter:4").ToString());
        Assert.Equal("lucid", Transforms.Parse("pad,jitter,scale,rotate,jitter:4").ToString());
        Assert.Equal("none", Transforms.Parse("none").ToString());
        const string All = "pad:1,rotate:-3..5,roi:0.5..0.1,noise:0.25,resize:64,crops:2";
        Assert.Equal(All, Transforms.Parse(All).ToString());
    }

    [Theory]
    [InlineData("jiter:3", "jitter")]
    [InlineData("pad:x", "pad takes a number")]
    [InlineData("pad:1..2", "pad takes a number")]
    [InlineData("scale:2..1", "scale takes a range")]
    [InlineData("scale:0", "0.1 to 4")]
    [InlineData("scale:9", "0.1 to 4")]
    [InlineData("jitter:1.5", "jitter takes a number")]
    [InlineData("crops:0", "1 to 256")]
    [InlineData("noise,noise", "only once")]
    [InlineData("pad,lucid", "set of its own")]
    [InlineData("", "unknown")]
    [InlineData("pad,", "unknown")]
    public void What_makes_no_sense_is_refused(string spec, string says)
    {
        var error = Assert.Throws<OnnxVizException>(() => Transforms.Parse(spec));
        Assert.Contains(says, error.Message, StringComparison.Ordinal);
        Assert.Equal(Fault.Argument, error.Fault);
    }

    private static double[] Shown(string spec, Tensor picture)
    {
        var b = new GraphBuilder();
        var transformed = new Transformation(Transforms.Parse(spec), (20, 26), null).Forward(b, b.Input("x", ElementType.Float, picture.Dims));
        var y = transformed.Views;
        b.Output("y", y);
        b.Output("back", transformed.Adjoint(y));
        using var session = new Session(b.Build(), OneThread);
        return session.Run(new Dictionary<string, Tensor>(Drawn(transformed, 1)) { ["x"] = picture })["y"].ToDoubles();
    }

    private static Dictionary<string, Tensor> Drawn(TransformedPicture transformed, ulong seed) =>
        transformed.Inputs(new CounterRandom(seed, 0), 0.5).ToDictionary(i => i.Input, i => i.Value);

    private static double Dot(double[] a, double[] b) => a.Zip(b, (p, q) => p * q).Sum();
}

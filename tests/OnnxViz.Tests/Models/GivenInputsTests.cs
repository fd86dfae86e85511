using OnnxViz.Features;
using OnnxViz.Graphs;
using OnnxViz.Graphs.Emit;
using OnnxViz.Models;
using OnnxViz.Onnx;
using OnnxViz.Runtime;
using OnnxViz.Saliency;
using OnnxViz.Saliency.Methods;
using OnnxViz.Tests.Support;
using OnnxViz.Tests.Support.Networks;
using Xunit;

namespace OnnxViz.Tests.Models;

/// <summary>Networks that are fed more than a picture. The truth is the same network with the tensor written into it as a constant.</summary>
public sealed class GivenInputsTests : IDisposable
{
    private static readonly RuntimeOptions Cpu = RuntimeOptions.Default with { Device = Device.Cpu };

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData(-1)]
    [InlineData(1)]
    public void What_is_given_counts_as_a_constant(int batch)
    {
        using var model = VisionModel.Load(Tabular(batch, null), ModelCatalog.Open(), new Dictionary<string, Tensor>
        {
            // An int32 column for an int64 input, float64 for float32, and a row without its axis.
            ["kind"] = Tensor.Of([2, 0], 1, 2),
            ["ages"] = Tensor.Of([0.25, 3, -1], 3),
            ["known"] = Tensor.Of([true, false, true], 1, 3),
        });
        using var truth = VisionModel.Load(Tabular(batch, [2, 0]), ModelCatalog.Open());
        var input = Pictures(3);
        foreach (SaliencyMethod method in new SaliencyMethod[] { new Gradient(), new Occlusion { Window = new(4, 4), Stride = new(4, 4) } })
        {
            var (expected, found) = (truth.Explain(input, method, null, Cpu), model.Explain(input, method, null, Cpu));
            Near.Each("scores", [.. expected.Scores.Select(s => (double)s)], [.. found.Scores.Select(s => (double)s)], 1e-6);
            Near.Each(method.Word, expected.Attribution.ToDoubles(), found.Attribution.ToDoubles(), 1e-5);
        }
    }

    [Fact]
    public void Each_picture_may_have_its_row()
    {
        using var model = VisionModel.Load(Tabular(-1, null), ModelCatalog.Open(), new Dictionary<string, Tensor>
        {
            ["kind"] = Tensor.Of([2L, 0, 1, 1], 2, 2),
            ["ages"] = Tensor.Of([0.25f, 3, -1], 1, 3),
            ["known"] = Tensor.Of([true, false, true], 1, 3),
        });
        Assert.Equal(2, model.GivenRows);
        var input = Pictures(2);
        foreach (var (row, kind) in new long[][] { [2, 0], [1, 1] }.Index())
        {
            using var truth = VisionModel.Load(Tabular(-1, kind), ModelCatalog.Open());
            var alone = Tensors.Rows(input, row, 1);
            Near.Each($"row {row}", Classification.Scores(truth, alone, Cpu).ToDoubles(), Classification.Scores(model.OfRow(row), alone, Cpu).ToDoubles(), 1e-6);
        }
    }

    [Theory]
    [InlineData("left", "right")]
    [InlineData("right", "left")]
    public void Of_two_pictures_the_one_that_is_not_given_is_looked_at(string given, string shown)
    {
        var b = new GraphBuilder("siamese");
        var (left, right) = (b.Input("left", ElementType.Float, 1, 3, 8, 8), b.Input("right", ElementType.Float, 1, 3, 8, 8));
        b.Expose("scores", b.ReduceMean(b.Mul(b.Square(left), right), [2, 3], keep: false));
        OnnxFile.Save(b.Build(), _folder["siamese.onnx"]);
        var (a, other) = (Pictures(2), Pictures(1, seed: 9));
        using var model = VisionModel.Load(_folder["siamese.onnx"], ModelCatalog.Open(), new Dictionary<string, Tensor> { [given] = other });
        Assert.Equal(shown, model.Input.Name);
        var gradient = model.Explain(a, new Gradient(), null, Cpu);
        for (var row = 0; row < 2; row++)
        {
            var (x, y) = (Tensors.Rows(a, row, 1).ToDoubles(), other.ToDoubles());
            var unit = (int)gradient.Units[row];
            var expected = x.Select((v, i) => i / 64 != unit ? 0 : (given == "left" ? y[i] * y[i] : 2 * v * y[i]) / 64).ToArray();
            Near.Each($"row {row}", expected, Tensors.Rows(gradient.Attribution, row, 1).ToDoubles(), 1e-6);
        }
    }

    [Fact]
    public void Detectors_are_told_the_size_of_the_picture_as_is_usual()
    {
        var b = new GraphBuilder("detector");
        var (shape, x, scale) = (b.Input("im_shape", ElementType.Float, -1, 2), b.Input("image", ElementType.Float, -1, 3, 8, 4), b.Input("scale_factor", ElementType.Float, -1, 2));
        var size = b.Input("orig_target_sizes", ElementType.Int64, -1, 2);
        var sum = b.Add(b.Add(b.ReduceMean(b.Mul(x, 0), [1, 2, 3], keep: false), b.Constant(Tensor.Of([0f, 0], 2))), shape);
        b.Expose("scores", b.Concat(1, b.Div(sum, scale), b.Cast(size, ElementType.Float)));
        OnnxFile.Save(b.Build(), _folder["d.onnx"]);
        using var model = VisionModel.Load(_folder["d.onnx"], ModelCatalog.Open());
        Assert.Equal([8, 4, 4, 8], Classification.Scores(model, Tensor.Of(new float[96], 1, 3, 8, 4), Cpu).ToFloats());

        var picture = _folder.Write("x.npy", NpyFile.Encode(new float[96], 1, 3, 8, 4));
        var run = CliRun.Of("predict", "-m", _folder["d.onnx"], "--input-tensor", picture, "--device", "cpu");
        Assert.Equal(0, run.Exit);
        Assert.Contains("im_shape as 8,4, scale_factor as 1,1, orig_target_sizes as 4,8, as is usual (--input", run.Error);
        var halved = _folder.Write("s.npy", NpyFile.Encode([2f, 2], 1, 2));
        var given = CliRun.Of("predict", "-m", _folder["d.onnx"], "--input-tensor", picture, "--device", "cpu", "--input", $"scale_factor={halved}", "--json");
        Assert.Equal(8, (float)given.Json["pictures"]![0]!["classes"]![0]!["score"]!);
        Assert.Equal(4, (float)given.Json["pictures"]![0]!["classes"]![2]!["score"]!);
    }

    [Theory]
    [InlineData("", 3, "needs its input 'kind'")]
    [InlineData("age=a.npy", 3, "has no input of this name; its inputs: image")]
    [InlineData("ages=x.npy", 3, "ages takes [?,3], not [1,3,8,8]")]
    [InlineData("ages", 2, "NAME=FILE.npy is needed")]
    [InlineData("ages=none.npy", 3, "no file")]
    [InlineData("ages=a.npy ages=a.npy", 2, "ages is given twice")]
    [InlineData("image=x.npy ages=a.npy kind=k.npy known=a.npy", 3, "one has to be left for the pictures")]
    public void What_does_not_fit_is_said(string inputs, int exit, string message)
    {
        var model = Tabular(-1, null);
        _folder.Write("x.npy", NpyFile.Encode(new float[192], 1, 3, 8, 8));
        _folder.Write("a.npy", NpyFile.Encode([1f, 1, 1], 1, 3));
        _folder.Write("k.npy", NpyFile.Encode([1f, 1], 1, 2));
        string[] given = [.. inputs.Split(' ', StringSplitOptions.RemoveEmptyEntries).SelectMany(i => new[] { "--input", i.Replace("=", $"={_folder.Path}/", StringComparison.Ordinal) })];
        var run = CliRun.Of(["predict", "-m", model, "--input-tensor", _folder["x.npy"], "--device", "cpu", .. given]);
        Assert.Equal(exit, run.Exit);
        Assert.Contains(message, run.Error);
    }

    private static Tensor Pictures(int rows, int seed = 5) => TinyTensors.Random(ElementType.Float, new Random(seed), [rows, 3, 8, 8]);

    /// <summary>Scores of a picture beside two words of a dictionary and three numbers, of which some are known.</summary>
    private string Tabular(int batch, long[]? kind)
    {
        var path = _folder[$"tabular{batch}{(kind is null ? "" : string.Join("", kind))}.onnx"];
        var random = new Random(2);
        var b = new GraphBuilder("tabular");
        var x = b.Input("image", ElementType.Float, batch, 3, 8, 8);
        Value Other(string name, ElementType type, Tensor value) =>
            kind is null ? b.Input(name, type, batch, value.Dims[1]) : b.Expand(b.Constant(value), b.Join(b.Size(x, 0), b.Longs(value.Dims[1])));
        var words = Other("kind", ElementType.Int64, Tensor.Of(kind ?? [0, 0], 1, 2));
        var ages = Other("ages", ElementType.Float, Tensor.Of([0.25f, 3, -1], 1, 3));
        var known = Other("known", ElementType.Bool, Tensor.Of([true, false, true], 1, 3));
        var seen = b.ReduceMean(b.Relu(b.Emit("Conv", [x, Weight(4, 3, 3, 3)])), [2, 3], keep: false);
        var embedded = b.Emit("Flatten", [b.Gather(Weight(5, 4), words, 0)]);
        b.Expose("scores", b.MatMul(b.Concat(1, seen, embedded, b.Mul(ages, b.Cast(known, ElementType.Float))), Weight(15, 3)));
        OnnxFile.Save(b.Build(), path);
        return path;

        Value Weight(params long[] dims) => b.Constant(TinyTensors.Random(ElementType.Float, random, dims), $"weight{random.Next()}");
    }
}

using System.Text.Json;
using OnnxViz.Graphs;
using OnnxViz.Models;
using OnnxViz.Onnx;

namespace OnnxViz.Tests.Support.Networks;

/// <summary>A picture that the script which made the fixtures and we both compute, to the bit.</summary>
internal sealed record PatternPicture(long[] Shape, float Scale)
{
    /// <summary>scale * ((53 n + 37 c + 3 y^2 + 5 x + 7 x y) mod 256 - 128) at [n, c, y, x].</summary>
    public Tensor ToTensor()
    {
        var (channels, height, width) = (Shape[1], Shape[2], Shape[3]);
        var values = new float[Shapes.Count(Shape)];
        for (long i = 0; i < values.Length; i++)
        {
            var (x, y) = (i % width, i / width % height);
            var (c, n) = (i / (width * height) % channels, i / (width * height * channels));
            values[i] = Scale * (((53 * n) + (37 * c) + (3 * y * y) + (5 * x) + (7 * x * y)) % 256 - 128);
        }

        return Tensor.Of(values, Shape);
    }
}

/// <summary>A gradient that PyTorch computed in float64; README.md beside the files says what each field is.</summary>
internal sealed record ReferenceGradient(
    string[] Models, PatternPicture Input, int? Class, string? Layer, int? Unit, string? Score, string Method, int Every,
    string Expected, string? Logits, double Limit);

/// <summary>A picture that eight steps of PyTorch's float64 lead to; the fields are named as the program's options are.</summary>
internal sealed record ReferenceMaximization(
    string Name, string Model, string Layer, int[] Units, int Size, PatternPicture Init, int Steps, string Objective,
    string Optimizer, double Lr, string NormalizeGradient, Dictionary<string, float> Regularizers, float TvBeta, float Alpha,
    string Expected, double Limit);

/// <summary>Fixtures/reference/index.json, and the gradients of exporters.json beside it.</summary>
internal sealed record ReferenceAnswers(ReferenceGradient[] Gradients, ReferenceMaximization[] Maximize)
{
    public static JsonSerializerOptions SnakeCase { get; } = new() { PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower };

    public static ReferenceAnswers All { get; } =
        new([.. Read("index.json").Gradients, .. Read("exporters.json").Gradients], Read("index.json").Maximize);

    public static Tensor Load(string file) => NpyFile.Load(Repository.Fixture("reference/" + file));

    public static VisionModel OpenModel(string file) => VisionModel.Load(ModelPath(file), ModelCatalog.Open(Repository.Carried("")));

    /// <summary>|found - truth| / |truth| over all elements; NaN where found has one.</summary>
    public static double RelativeError(ReadOnlySpan<float> found, ReadOnlySpan<float> truth)
    {
        if (found.Length != truth.Length) throw new ArgumentException($"{found.Length} numbers, expected {truth.Length}.");
        var (difference, norm) = (0.0, 0.0);
        for (var i = 0; i < truth.Length; i++)
        {
            difference += Math.Pow((double)found[i] - truth[i], 2);
            norm += Math.Pow(truth[i], 2);
        }

        return Math.Sqrt(difference / norm);
    }

    private static ReferenceAnswers Read(string index) =>
        JsonSerializer.Deserialize<ReferenceAnswers>(File.ReadAllText(Repository.Fixture("reference/" + index)), SnakeCase)!;

    /// <summary>A tiny network of this folder, or one the repository carries.</summary>
    private static string ModelPath(string model) =>
        model.Contains('/') ? Repository.Fixture("reference/" + model) : Repository.Carried(model);
}

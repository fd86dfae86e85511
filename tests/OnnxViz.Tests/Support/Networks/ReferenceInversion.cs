using System.Text.Json;

namespace OnnxViz.Tests.Support.Networks;

/// <summary>A picture that eight steps of PyTorch's float64 lead to: Rows hold the picture whose code is inverted, and where it starts.</summary>
internal sealed record ReferenceInversion(
    string Name, string Model, string Layer, PatternPicture Rows, int Steps, string Optimizer, double Lr, Dictionary<string, float> Regularizers,
    string Expected, double Limit)
{
    /// <summary>Fixtures/reference/invert.json.</summary>
    public static ReferenceInversion[] All { get; } = JsonSerializer.Deserialize<ReferenceInversion[]>(
        File.ReadAllText(Repository.Fixture("reference/invert.json")), ReferenceAnswers.SnakeCase)!;
}

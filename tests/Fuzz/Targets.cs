using OnnxViz.Fuzz.Files;
using OnnxViz.Fuzz.Onnx;

namespace OnnxViz.Fuzz;

/// <summary>What can be fuzzed.</summary>
internal static class Targets
{
    public static IReadOnlyList<IFuzzTarget> All { get; } = [new OnnxTarget(), new PictureTarget(), new NpyTarget(), new PreparedTarget()];

    public static IFuzzTarget Named(string name) =>
        All.FirstOrDefault(t => t.Name == name) ?? throw new ArgumentException($"no target '{name}': {string.Join(", ", All.Select(t => t.Name))}.");
}

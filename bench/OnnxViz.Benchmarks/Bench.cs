using System.Runtime.CompilerServices;
using OnnxViz.Models;

namespace OnnxViz.Benchmarks;

/// <summary>What the benchmarks share.</summary>
internal static class Bench
{
    /// <summary>The model to compile: a path in ONNXVIZ_BENCH_MODEL, or the carried classifier.</summary>
    public static string Model => Environment.GetEnvironmentVariable("ONNXVIZ_BENCH_MODEL") ?? "efficientnet-lite0";

    public static ModelCatalog Catalog => ModelCatalog.Open(Path.Combine(Root, "onnx-models"));

    public static string Picture => Path.Combine(Root, "onnx-models", "images", "chelsea.png");

    private static string Root { get; } = Find();

    private static string Find([CallerFilePath] string here = "") => Path.GetFullPath(Path.Combine(Path.GetDirectoryName(here)!, "..", ".."));
}

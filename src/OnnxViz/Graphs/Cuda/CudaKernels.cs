using OnnxViz.Graphs.Inference;

namespace OnnxViz.Graphs.Cuda;

/// <summary>
/// What ONNX Runtime's CUDA provider does not run, or not well: read from its table of kernels (docs/OperatorKernels.md of 1.29) and
/// measured on a GPU with 1.31. A node without a kernel runs on the CPU, with a copy of its tensors each way.
/// </summary>
internal static class CudaKernels
{
    /// <summary>From here on MaxPool, Elu, Selu and others have a version that no kernel is registered for.</summary>
    private const int FirstOpsetWithout = 22;

    private const int MostPieces = 32;

    private static readonly HashSet<string> Without =
    [
        "Acos", "Acosh", "AffineGrid", "Asin", "Asinh", "Atan", "Atanh", "Bernoulli", "Col2Im", "Cosh", "DFT", "Det", "GlobalLpPool", "Hardmax",
        "LpNormalization", "LpPool", "MaxRoiPool", "MaxUnpool", "Mean", "MeanVarianceNormalization", "Multinomial", "STFT", "Sinh", "Tan", "Unique",
    ];

    private static readonly HashSet<string> OnlyFloating = ["Pad", "MatMul", "Gemm"];

    /// <summary>Sizes are computed on the CPU, which capturing allows, from nodes that start at these.</summary>
    private static readonly HashSet<string> OfSizes = ["Shape", "Size"];

    /// <summary>What leaves the GPU, or is launched piece by piece, one line each; nothing where all is well.</summary>
    public static IEnumerable<string> Faults(Graph graph)
    {
        if (graph.Opset >= FirstOpsetWithout) yield return $"opset {graph.Opset}";
        foreach (var node in graph.Nodes)
            if (Fault(node) is { } fault) yield return $"{node}: {fault}";
    }

    /// <summary>Why the nodes cannot be recorded once and launched as a whole ever after; empty where they can.</summary>
    public static IEnumerable<string> CaptureFaults(Graph graph)
    {
        foreach (var node in graph.Nodes)
        {
            if (node.Subgraphs.Any()) yield return $"{node}: decides while it runs";
            else if (OfSizes.Contains(node.OpType) || Array.Exists(node.Outputs, y => !Shapes.IsStatic(y.Dims) && y.Name.Length > 0)) yield return $"{node}: its size is open";
            else if (IsInPieces(node)) yield return $"{node}: in pieces whose places a recording does not keep";
            else if (Fault(node) is { } fault && !fault.StartsWith("in groups", StringComparison.Ordinal)) yield return $"{node}: {fault}";
        }
    }

    /// <summary>A replay reads the places of parts that are many, or of unequal size, from memory that is given back by then (facts about ONNX Runtime).</summary>
    private static bool IsInPieces(Node node) => node.Domain.Length == 0 && node.OpType switch
    {
        "Split" => node.Outputs.Length > MostPieces || !Array.TrueForAll(node.Outputs, y => y.Dims!.AsSpan().SequenceEqual(node.Outputs[0].Dims)),
        "Concat" => node.Inputs.Length > MostPieces,
        _ => false,
    };

    private static string? Fault(Node node)
    {
        if (node.Domain.Length > 0) return null;
        if (Without.Contains(node.OpType)) return "no kernel";
        if (OnlyFloating.Contains(node.OpType) && node.Input(0) is { } x && !x.Type.IsFloating() && !(node.OpType == "Pad" && x.Type == ElementType.Bool)) return $"no kernel for {x.Type}";
        if (node.OpType != "ConvTranspose") return null;
        if (node.Int("group", 1) > 1) return "in groups, which are launched one by one";
        if (node.Input(0)?.Dims is not { } dims || !Shapes.IsStatic(node.Input(1)?.Dims)) return null;
        return Window.IsSame(node.Text("auto_pad", "")) || node.Ints("pads") is { } pads && !pads.Take(pads.Length / 2).SequenceEqual(pads.Skip(pads.Length / 2))
            ? "different padding at both ends"
            : null;
    }
}

using OnnxViz.Onnx;

namespace OnnxViz.Cli.Verbs.Maximize;

/// <summary>--direction: a .npy of [C], or of [N, C] with a direction in each row.</summary>
internal static class DirectionFile
{
    /// <exception cref="OnnxVizException">Not readable, of another shape, or with numbers that give no direction.</exception>
    public static IReadOnlyList<float[]> Load(string file)
    {
        var tensor = NpyFile.Load(file);
        if (tensor.Dims.Length is not (1 or 2) || tensor.Count == 0)
            throw OnnxVizException.Input($"--direction '{file}' holds [{Shapes.Text(tensor.Dims)}]: one number per unit is needed, or rows of them.");
        var rows = tensor.ToFloats().Chunk((int)tensor.Dims[^1]).ToList();
        if (rows.FindIndex(r => !r.All(float.IsFinite)) is >= 0 and var bad) throw OnnxVizException.Input($"--direction '{file}': row {bad} holds NaN or infinite numbers.");
        if (rows.FindIndex(r => r.All(x => x == 0)) is >= 0 and var zero) throw OnnxVizException.Input($"--direction '{file}': row {zero} is all zeros and points nowhere.");
        return rows;
    }
}

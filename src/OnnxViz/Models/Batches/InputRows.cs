using OnnxViz.Onnx;

namespace OnnxViz.Models.Batches;

/// <summary>A .npy file of rows of a model's input.</summary>
internal static class InputRows
{
    /// <param name="path">Of the file; what lacks the axis of rows is one row.</param>
    /// <param name="model">That they are for.</param>
    /// <exception cref="OnnxVizException">Missing, no .npy file, or of another shape than the model takes.</exception>
    public static NpyRows Open(string path, VisionModel model)
    {
        var rows = new NpyRows(path);
        try
        {
            long[] wanted = [Shapes.Unknown, .. model.Input.Dims!.AsSpan(1)];
            if (rows.Dims.Length == wanted.Length - 1) rows.TakeAsOne();
            return rows.Dims.Length == wanted.Length && Shapes.Count(rows.Dims) > 0 && wanted.Zip(rows.Dims).Skip(1).All(d => d.First < 0 || d.First == d.Second)
                ? rows
                : throw OnnxVizException.Input($"'{path}' holds {rows.Type}[{Shapes.Text(rows.Dims)}]; {model.Name} takes [{Shapes.Text(wanted)}].");
        }
        catch
        {
            rows.Dispose();
            throw;
        }
    }

    /// <summary>Some rows as the model is fed them: float32.</summary>
    /// <exception cref="OnnxVizException">The file has changed meanwhile.</exception>
    public static Tensor Floats(this NpyRows rows, IReadOnlyList<int> which)
    {
        var input = Tensors.Stack([.. which.Select(r => rows.Read(r, 1))]);
        return input.Type == ElementType.Float ? input : Tensor.Of(input.ToFloats(), input.Dims);
    }
}

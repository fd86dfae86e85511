using OnnxViz.Graphs;

namespace OnnxViz.Models;

/// <summary>Results with NaN or infinite numbers are no results.</summary>
public static class Finite
{
    /// <exception cref="OnnxVizException">There are such numbers in the tensor.</exception>
    public static Tensor Checked(Tensor tensor, string what, string model)
    {
        var bad = 0L;
        foreach (var number in tensor.As<float>())
            if (!float.IsFinite(number)) bad++;
        return bad == 0 ? tensor : throw OnnxVizException.Input(
            $"{bad} of the {tensor.Count} numbers in {what} of {model} are NaN or infinite: its weights or the input hold such numbers, or too large ones.");
    }
}

namespace OnnxViz.Graphs;

/// <summary>The operator Constant, whose value may be spelled in several ways.</summary>
internal static class ConstantNode
{
    /// <summary>The value; null when it is none that a tensor can hold (strings, sparse tensors).</summary>
    public static Tensor? Tensor(IReadOnlyDictionary<string, object> attributes) => attributes.Count != 1 ? null : attributes.First() switch
    {
        { Key: "value", Value: Tensor tensor } => tensor,
        { Key: "value_float", Value: float number } => Graphs.Tensor.Scalar(number),
        { Key: "value_int", Value: long number } => Graphs.Tensor.Scalar(number),
        { Key: "value_floats", Value: float[] numbers } => Graphs.Tensor.Of(numbers, numbers.Length),
        { Key: "value_ints", Value: long[] numbers } => Graphs.Tensor.Of(numbers, numbers.Length),
        _ => null,
    };
}

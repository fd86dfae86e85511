namespace OnnxViz.Graphs;

/// <summary>Says which tensors are in a file of their own (ONNX's external data) when a model is written.</summary>
public interface IOutsideWeights
{
    /// <summary>Where the elements are; null when they belong into the model itself.</summary>
    OutsidePlace? PlaceOf(Tensor tensor);
}

/// <param name="Location">Path of the file from the model's folder, with slashes.</param>
/// <param name="Offset">First byte.</param>
public sealed record OutsidePlace(string Location, long Offset);

namespace OnnxViz.Graphs;

/// <summary>Which tensors of a model that is being written are stored in files of their own, ONNX's external data.</summary>
internal interface IExternalData
{
    /// <summary>Where the elements are; null when they are stored in the model itself.</summary>
    ExternalLocation? PlaceOf(Tensor tensor);
}

/// <param name="Location">Path of the file from the model's folder, with slashes.</param>
/// <param name="Offset">First byte.</param>
internal sealed record ExternalLocation(string Location, long Offset);

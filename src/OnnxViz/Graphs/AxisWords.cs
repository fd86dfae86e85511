namespace OnnxViz.Graphs;

/// <summary>What ONNX calls the axes of data (TensorShapeProto's denotations).</summary>
internal static class AxisWords
{
    public const string Batch = "DATA_BATCH", Channel = "DATA_CHANNEL", Feature = "DATA_FEATURE", Time = "DATA_TIME";
}

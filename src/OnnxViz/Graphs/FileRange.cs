namespace OnnxViz.Graphs;

/// <summary>Bytes of a file from an offset on.</summary>
internal sealed record FileRange(OpenFile File, long Offset);

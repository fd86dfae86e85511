namespace OnnxViz.Graphs;

/// <summary>
/// One number of a small integer tensor, as shape arithmetic makes them: known, or a dimension of some value that is
/// known only when the graph runs. So Shape-Gather-Concat chains tell what they can though the batch is open.
/// </summary>
/// <param name="Number">The number, where <see cref="IsKnown"/>.</param>
/// <param name="Source">The value whose dimension it is, or null.</param>
/// <param name="Axis">Which dimension of the source.</param>
internal readonly record struct SymbolicInt(long? Number, Value? Source = null, int Axis = 0)
{
    public bool IsKnown => Number is not null;

    /// <summary>The dimension that this number gives a shape: -1 when not known.</summary>
    public long Dim => Number ?? Shapes.Unknown;
}

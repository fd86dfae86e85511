namespace OnnxViz.Training;

/// <summary>A tensor of a network that training changes or keeps up to date.</summary>
/// <param name="Name">Such as "conv1_1.weight".</param>
/// <param name="Value">The value of the network's graph that holds it.</param>
/// <param name="IsBuffer">Running statistics, which follow the batches instead of a gradient.</param>
internal sealed record Parameter(string Name, Value Value, bool IsBuffer = false)
{
    /// <summary>Its dimensions.</summary>
    public long[] Dims => Value.Dims!;

    /// <summary>How many numbers it has.</summary>
    public long Count => Shapes.Count(Dims);
}

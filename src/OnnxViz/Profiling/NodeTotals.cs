namespace OnnxViz.Profiling;

/// <summary>All runs of one node of a session.</summary>
/// <param name="name">As ONNX Runtime calls it.</param>
/// <param name="op">Its operator, by the graph that was run.</param>
/// <param name="provider">What ran it.</param>
/// <param name="facts">The node that it came from; null for one of ONNX Runtime's own.</param>
internal sealed class NodeTotals(string name, string op, string provider, NodeFacts? facts)
{
    public string Name => name;

    public string Operator => op;

    public string Provider => provider;

    public NodeFacts? Facts => facts;

    public long Calls { get; private set; }

    /// <summary>Without nodes within it, in microseconds.</summary>
    public long Time { get; private set; }

    public double Flops { get; private set; }

    public double Bytes { get; private set; }

    /// <param name="ran">One run of it.</param>
    /// <param name="own">Its time without nodes within it.</param>
    public void Add(OrtEvent ran, long own)
    {
        Calls++;
        Time += own;
        Bytes += ran.Bytes;
        Flops += facts?.Flops(ran) ?? NodeFacts.FlopsOf(ran);
    }
}

namespace OnnxViz.Rewriting;

/// <summary>Another form of some nodes, equal but for rounding, that is quicker where it is going to run.</summary>
internal interface IRewrite
{
    /// <param name="node">A node of the graph that is rewritten.</param>
    /// <param name="copy">Where the other form is emitted, and what stands for the node's inputs there.</param>
    /// <returns>What stands for the node's only output; null where the node stays as it is.</returns>
    Value? Of(Node node, GraphCopy copy);
}

namespace OnnxViz.Graphs;

/// <summary>
/// Stands in a node for an attribute that OnnxViz cannot represent (sparse tensors, types, strings as tensors). It is
/// an error only where the node is needed: what is cut away may be anything.
/// </summary>
/// <param name="Reason">What is wrong, to stand behind the node's name.</param>
internal sealed record UnreadableAttribute(string Reason);

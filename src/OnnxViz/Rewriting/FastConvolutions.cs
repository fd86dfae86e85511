namespace OnnxViz.Rewriting;

/// <summary>Convolutions that were found to be quicker by <see cref="Winograd"/>.</summary>
/// <param name="isQuicker">Of a convolution that Winograd takes.</param>
internal sealed class FastConvolutions(Func<Node, bool> isQuicker) : IRewrite
{
    public Value? Of(Node node, GraphCopy copy) => Winograd.Takes(node) && isQuicker(node)
        ? Winograd.Emit(copy, node, copy[node.Required(0)], node.Input(2) is { } bias ? copy[bias] : null)
        : null;
}

namespace OnnxViz.Graphs.Opsets;

/// <summary>One node on its way from the opset it was written in to that of the builder.</summary>
internal sealed class Conversion(GraphBuilder builder, int opset, Node node, Value?[] inputs) : IEmitter
{
    public GraphBuilder Builder => builder;

    /// <summary>The opset that the node is written in.</summary>
    public int Opset => opset;

    /// <summary>The node as it was; its attributes are read from it, its inputs from <see cref="Inputs"/>.</summary>
    public Node Node => node;

    public Value?[] Inputs => inputs;

    public Value X(int i = 0) => Input(i) ?? throw OnnxVizException.Input($"{node} has no input {i}.");

    public Value? Input(int i) => i < inputs.Length ? inputs[i] : null;

    /// <summary>A constant input with the contents of an attribute; null without it.</summary>
    public Value? Longs(string attribute) => node.Ints(attribute) is { } values ? builder.Longs(values) : null;

    /// <summary>A scalar of the type of the first input.</summary>
    public Value Scalar(float value) => this.Scalar(value, X().Type);

    /// <summary>Appends the node that takes the place, and the name, of the old one.</summary>
    public Value[] Final(string opType, Value?[] arguments, Dictionary<string, object>? attributes = null, int? outputs = null) =>
        builder.Node(opType, Node.WithoutLeftOut(arguments, a => a is null), attributes, outputs ?? node.Outputs.Length, node.Name);

    public OnnxVizException Impossible(string why) =>
        OnnxVizException.Input($"{node} of opset {opset} cannot be written in opset {builder.Graph.Opset}: {why}.");
}

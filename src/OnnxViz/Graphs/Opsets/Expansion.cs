namespace OnnxViz.Graphs.Opsets;

/// <summary>One node on its way to several of standard operators, in the opset of its model.</summary>
internal sealed class Expansion(Node node, int opset, FreeNames names, List<Node> nodes)
{
    public Node Node => node;

    public int Opset => opset;

    public Value? Input(int i) => node.Input(i);

    public Value Constant(float number) => Constant(Tensor.Scalar(number));

    public Value Constant(Tensor tensor) =>
        new(names.Take($"{node.Name}/const")) { Constant = tensor, Type = tensor.Type, Dims = tensor.Dims };

    /// <summary>Appends an operator before the last one and gives its result: float32, unless it is an output of the node.</summary>
    public Value Emit(string opType, Value?[] inputs, Dictionary<string, object>? attributes = null, string? name = null, Value? output = null)
    {
        name ??= names.Take($"{node.Name}/{opType}");
        output ??= new Value(names.Take(name + "_out")) { Type = ElementType.Float };
        nodes.Add(new Node(opType, name, Trimmed(inputs), [output], attributes));
        return output;
    }

    /// <summary>Appends the operator that delivers the node's own outputs.</summary>
    public void Last(string opType, Value?[] inputs, Dictionary<string, object>? attributes = null, string? name = null) =>
        nodes.Add(new Node(opType, name ?? node.Name, Trimmed(inputs), node.Outputs.Length > 1 ? [node.Outputs[0]] : node.Outputs, attributes));

    public OnnxVizException Unknown(string what) =>
        OnnxVizException.Input($"{node} (version 1 of its domain) {what}, which is not known. Export the model without this fusion, or with standard operators.");

    private static Value?[] Trimmed(Value?[] inputs) => Node.WithoutLeftOut(inputs, input => input is null);
}

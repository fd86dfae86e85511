namespace OnnxViz.Graphs;

/// <summary>Gives the outputs of a node their element type and dimensions.</summary>
internal static class ShapeInference
{
    public static void Infer(Node node, int opset)
    {
        if (node.Inputs.Length > 0 && node.Input(0) is { } x)
            foreach (var output in node.Outputs) (output.Type, output.Dims) = (x.Type, x.Dims);
    }
}

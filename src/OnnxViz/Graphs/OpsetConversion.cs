namespace OnnxViz.Graphs;

/// <summary>Brings operators of other opsets to the form that the builder's opset gives them.</summary>
internal static class OpsetConversion
{
    public static Value[]? Convert(GraphBuilder builder, int opset, Node node, Value?[] inputs) => null;
}

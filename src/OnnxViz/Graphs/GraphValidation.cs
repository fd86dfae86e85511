namespace OnnxViz.Graphs;

internal static class GraphValidation
{
    public static void Check(Graph graph)
    {
        if (graph.Nodes.Count == 0) throw OnnxVizException.Input("Its graph has no nodes.");
        if (graph.Outputs.Count == 0) throw OnnxVizException.Input("Its graph has no outputs.");
    }
}

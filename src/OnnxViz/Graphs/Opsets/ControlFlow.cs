namespace OnnxViz.Graphs.Opsets;

/// <summary>
/// If, Loop and Scan as what they compute: of a condition that is known the one branch, of one that the picture decides both branches
/// with a choice between their results; of a loop that often runs the same number of times one copy of its body for each.
/// </summary>
internal static class ControlFlow
{
    /// <param name="builder">Receives the nodes.</param>
    /// <param name="node">An operator with graphs inside.</param>
    /// <param name="arguments">Its inputs in the builder's graph.</param>
    /// <param name="run">Copies a graph of the node for some inputs and gives its outputs.</param>
    /// <exception cref="OnnxVizException">What is computed is known only when the model runs.</exception>
    public static Value[] Copied(GraphBuilder builder, Node node, Value?[] arguments, Func<Graph, IReadOnlyList<Value>, Value[]> run) => node switch
    {
        { OpType: "If", Domain: "" } => If(builder, node, arguments, run),
        { OpType: "Loop", Domain: "" } => Loops.Loop(builder, node, arguments, run),
        { OpType: "Scan", Domain: "" } => Loops.Scan(builder, node, arguments, run),
        _ => throw Undecided(node, "what is computed"),
    };

    /// <summary>Something that is decided while the model runs.</summary>
    public static OnnxVizException Undecided(Node node, string what) =>
        OnnxVizException.OfModel($"{node} decides while the model runs {what}, which cannot be followed. Export the model without it, or simplify it for one input size.");

    private static Value[] If(GraphBuilder builder, Node node, Value?[] arguments, Func<Graph, IReadOnlyList<Value>, Value[]> run)
    {
        if (arguments is not [{ } condition]) throw OnnxVizException.Input($"{node} has no condition.");
        if (condition.Constant is { Count: 1 } known) return run(Branch(known.ToLongs()[0] != 0), []);
        var (yes, no) = (run(Branch(true), []), run(Branch(false), []));
        if (condition.Dims is not []) condition = builder.Reshape(condition, builder.Longs());
        return [.. yes.Zip(no, (a, b) => Chosen(builder, node, condition, a, b))];

        Graph Branch(bool isThen)
        {
            var name = isThen ? "then_branch" : "else_branch";
            return node.Attributes.GetValueOrDefault(name) is Graph branch && branch.Outputs.Count == node.Outputs.Length && branch.Inputs.Count == 0
                ? branch
                : throw OnnxVizException.Input($"{node} has no {name} with {node.Outputs.Length} outputs.");
        }
    }

    private static Value Chosen(GraphBuilder builder, Node node, Value condition, Value yes, Value no)
    {
        if (yes == no) return yes;
        if (Sequences.Elements(yes) is { } first && Sequences.Elements(no) is { } second && first.Length == second.Length)
            return Sequences.Of(builder, node.Name, [.. first.Zip(second, (a, b) => Chosen(builder, node, condition, a, b))]);
        if (yes.Dims is not { } a || no.Dims is not { } b || a.Length != b.Length || a.Zip(b).Any(d => d.First != d.Second && d.First >= 0 && d.Second >= 0))
            throw Undecided(node, $"between results of different shapes ([{Text(yes)}] and [{Text(no)}])");
        var held = yes.StandsFor != ElementType.Undefined ? yes.StandsFor : no.StandsFor;
        if (held != ElementType.Undefined) (yes, no) = (builder.Cast(yes, ElementType.Float), builder.Cast(no, ElementType.Float));
        if (yes.Type != no.Type) throw Undecided(node, $"between results of different types ({yes.Type} and {no.Type})");
        return HeldIntegers.Of(builder.Node("Where", [condition, yes, no], name: node.Name)[0], held);

        static string Text(Value value) => value.Dims is { } dims ? Shapes.Text(dims) : "...";
    }
}

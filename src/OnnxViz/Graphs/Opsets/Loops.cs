namespace OnnxViz.Graphs.Opsets;

/// <summary>Loop and Scan with a copy of their body for each time that it runs.</summary>
internal static class Loops
{
    private const long MostSteps = 10_000;

    private static Tensor Truth { get; } = new(ElementType.Bool, [], () => [1]);

    /// <summary>
    /// Runs while the count lasts and the condition holds, both known: the body takes number, condition and what it carries on, and
    /// gives condition, what it carries on, and results that are stacked.
    /// </summary>
    public static Value[] Loop(GraphBuilder builder, Node node, Value?[] arguments, Func<Graph, IReadOnlyList<Value>, Value[]> run)
    {
        Value[] carried = [.. arguments.Skip(2).Select((a, i) => a ?? throw OnnxVizException.Input($"{node} has no input {i + 2}."))];
        var body = Body(node, carried.Length + 2, outputs => outputs > carried.Length && node.Outputs.Length <= outputs - 1);
        var stacked = new List<Value>[body.Outputs.Count - 1 - carried.Length];
        for (var i = 0; i < stacked.Length; i++) stacked[i] = [];
        var count = Known(arguments.ElementAtOrDefault(0), long.MaxValue);
        var goesOn = Known(arguments.ElementAtOrDefault(1), 1) != 0;
        for (var i = 0L; i < count && goesOn; i++)
        {
            var number = builder.Constant(Tensor.Scalar(i));
            var results = run(body, [number, builder.Constant(Truth), .. carried]);
            goesOn = i + 1 == count || Known(results[0], 1) != 0;
            carried = results[1..(1 + carried.Length)];
            for (var k = 0; k < stacked.Length; k++) stacked[k].Add(results[1 + carried.Length + k]);
        }

        return [.. carried, .. stacked.Select((rows, k) => Stacked(builder, node, body.Outputs[1 + carried.Length + k], rows, 0))];

        long Known(Value? value, long otherwise) =>
            value is null ? otherwise : value.Constant is { Count: 1 } known ? known.ToLongs()[0] : throw ControlFlow.Undecided(node, "how often it repeats");
    }

    /// <summary>Runs once for each part of its last inputs along an axis: the body takes what it carries on and one part of each.</summary>
    public static Value[] Scan(GraphBuilder builder, Node node, Value?[] arguments, Func<Graph, IReadOnlyList<Value>, Value[]> run)
    {
        var given = arguments.OfType<Value>().ToArray();
        var count = node.Int("num_scan_inputs", 0);
        // Opset 8 had a batch axis and lengths of sequences before the others.
        if (given.Length != arguments.Length || count < 1 || count > given.Length) throw OnnxVizException.Input($"{node} has {given.Length} inputs, of which {count} are scanned, which is not known.");
        var carried = given[..^(int)count];
        var body = Body(node, given.Length, outputs => outputs >= carried.Length && node.Outputs.Length <= outputs);
        var parts = given[^(int)count..].Select((x, i) => Parts(builder, node, x, Entry("scan_input_axes", i), Entry("scan_input_directions", i) != 0)).ToArray();
        if (parts.Any(p => p.Length != parts[0].Length)) throw OnnxVizException.Input($"{node} scans inputs of different lengths.");
        var stacked = new List<Value>[body.Outputs.Count - carried.Length];
        for (var i = 0; i < stacked.Length; i++) stacked[i] = [];
        for (var i = 0; i < parts[0].Length; i++)
        {
            var results = run(body, [.. carried, .. parts.Select(p => p[i])]);
            carried = results[..carried.Length];
            for (var k = 0; k < stacked.Length; k++) stacked[k].Add(results[carried.Length + k]);
        }

        return
        [
            .. carried,
            .. stacked.Select((rows, k) =>
            {
                if (Entry("scan_output_directions", k) != 0) rows.Reverse();
                return Stacked(builder, node, body.Outputs[carried.Length + k], rows, Entry("scan_output_axes", k));
            }),
        ];

        long Entry(string attribute, int i) => node.Ints(attribute) is { } numbers && i < numbers.Length ? numbers[i] : 0;
    }

    private static Graph Body(Node node, int inputs, Func<int, bool> fits) =>
        node.Attributes.GetValueOrDefault("body") is Graph body && body.Inputs.Count == inputs && fits(body.Outputs.Count)
            ? body
            : throw OnnxVizException.Input($"{node} has no body with {inputs} inputs that gives its {node.Outputs.Length} outputs.");

    /// <summary>The elements of a value along an axis, without that axis.</summary>
    private static Value[] Parts(GraphBuilder builder, Node node, Value x, long axis, bool isBackward)
    {
        if (x.Dims is not { Length: > 0 } dims || dims[Shapes.Axis(axis, dims.Length)] is not (>= 0 and var length)) throw ControlFlow.Undecided(node, "how often it repeats");
        if (length == 0) return [];
        if (length > MostSteps) throw OnnxVizException.OfModel($"{node} would run {length} times, too often to be unrolled. Take a smaller picture, or a layer before it.", argument: "Layer");
        using var scope = builder.Scope(node.Name);
        var parts = Sequences.Cut(builder, x, axis, [.. Enumerable.Repeat(1L, (int)length)]);
        if (isBackward) Array.Reverse(parts);
        return Array.ConvertAll(parts, part => HeldIntegers.Of(builder.Squeeze(part, axis), x.StandsFor));
    }

    private static Value Stacked(GraphBuilder builder, Node node, Value declared, List<Value> rows, long axis)
    {
        using var scope = builder.Scope(node.Name);
        if (rows.Count > 0) return HeldIntegers.Of(builder.Concat(axis, [.. rows.Select(row => builder.Unsqueeze(row, axis))]), rows[0].StandsFor);
        if (!declared.HasStaticShape || declared.Type.Size() == 0) throw OnnxVizException.Input($"{node} never runs, so that the shape of its result '{declared.Name}' is not known.");
        var dims = declared.Dims!.ToList();
        dims.Insert(Shapes.Axis(axis, dims.Count + 1), 0);
        return builder.Constant(new Tensor(declared.Type, [.. dims], () => []));
    }
}

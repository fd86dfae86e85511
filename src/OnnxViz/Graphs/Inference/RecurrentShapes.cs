namespace OnnxViz.Graphs.Inference;

/// <summary>RNN, GRU and LSTM: X [steps, batch, input], W [directions, gates * hidden, input], R [directions, gates * hidden, hidden].</summary>
internal static class RecurrentShapes
{
    public static void Recurrent(ShapeScope s)
    {
        var gates = s.Node.OpType switch { "RNN" => 1, "GRU" => 3, _ => 4 };
        var directions = s.Node.Text("direction", "forward") switch
        {
            "forward" or "reverse" => 1L,
            "bidirectional" => 2L,
            var other => throw ShapeScope.Fail($"direction is '{other}'"),
        };
        var (x, w, r) = (OfRank(s, 0, 3), OfRank(s, 1, 3), OfRank(s, 2, 3));
        var hidden = r?[2] ?? s.Node.Int("hidden_size", Shapes.Unknown);
        if (s.Node.Has("hidden_size")) ShapeScope.Match(hidden, s.Node.Int("hidden_size", 0), "hidden_size");
        if (hidden is 0 or < Shapes.Unknown or > int.MaxValue) throw ShapeScope.Fail($"the hidden size is {hidden}");
        var rows = hidden < 0 ? Shapes.Unknown : gates * hidden;
        var isBatchFirst = s.Node.Int("layout", 0) != 0;
        var (steps, batch) = x is null ? (Shapes.Unknown, Shapes.Unknown) : isBatchFirst ? (x[1], x[0]) : (x[0], x[1]);
        Match(s, 1, directions, rows, x?[2] ?? Shapes.Unknown);
        Match(s, 2, directions, rows, hidden);
        Match(s, 3, directions, rows < 0 ? rows : 2 * rows);
        Match(s, 4, batch);
        for (var i = 5; i < 7; i++) Match(s, i, isBatchFirst ? [batch, directions, hidden] : [directions, batch, hidden]);
        Match(s, 7, directions, hidden < 0 ? hidden : 3 * hidden);
        s.Set(isBatchFirst ? [batch, steps, directions, hidden] : [steps, directions, batch, hidden]);
        for (var i = 1; i < 3; i++) s.Set(isBatchFirst ? [batch, directions, hidden] : [directions, batch, hidden], output: i);
    }

    private static long[]? OfRank(ShapeScope s, int i, int rank) =>
        s.X(i) is { } dims && dims.Length != rank ? throw ShapeScope.Fail($"input {i} must have {rank} dimensions") : s.X(i);

    private static void Match(ShapeScope s, int i, params long[] expected)
    {
        if (OfRank(s, i, expected.Length) is not { } dims) return;
        for (var d = 0; d < dims.Length; d++) ShapeScope.Match(dims[d], expected[d], $"dimension {d} of input {i}");
    }
}

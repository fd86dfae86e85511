namespace OnnxViz.Graphs.Inference;

/// <summary>Einstein summation.</summary>
internal static class EinsumShapes
{
    public static void Einsum(ShapeScope s)
    {
        var equation = new EinsumEquation(s.Node);
        var (terms, output) = (equation.Terms, equation.Output);
        var sizes = new Dictionary<char, long>();
        long[]? ellipsis = [];
        var known = true;
        for (var i = 0; i < terms.Length; i++)
        {
            if (s.Node.Required(i).Dims is { } x) Read(s, terms[i], x, sizes, ref ellipsis);
            else known = false;
        }

        if (!known && output.Contains(EinsumEquation.Ellipsis)) ellipsis = null;
        var head = output.Split(EinsumEquation.Ellipsis);
        s.Set(ellipsis is null && head.Length > 1 ? null : [.. Sizes(head[0]), .. head.Length > 1 ? [.. ellipsis!, .. Sizes(head[1])] : Array.Empty<long>()]);

        IEnumerable<long> Sizes(string labels) => labels.Select(c => sizes.GetValueOrDefault(c, Shapes.Unknown));
    }

    private static void Read(ShapeScope s, string term, long[] x, Dictionary<char, long> sizes, ref long[]? ellipsis)
    {
        var parts = term.Split(EinsumEquation.Ellipsis);
        var labels = string.Concat(parts);
        if (parts.Length > 2 || labels.Length > x.Length || (parts.Length == 1 && labels.Length != x.Length))
            throw ShapeScope.Fail($"'{term}' names {labels.Length} of {x.Length} dimensions");
        var tail = parts.Length == 2 ? parts[1].Length : 0;
        for (var i = 0; i < labels.Length; i++)
        {
            var d = i < parts[0].Length ? x[i] : x[x.Length - labels.Length + i];
            if (sizes.TryGetValue(labels[i], out var before) && before != 1)
            {
                if (d != 1) ShapeScope.Match(d, before, $"label '{labels[i]}'");
                if (before < 0) sizes[labels[i]] = d;
            }
            else
            {
                sizes[labels[i]] = d;
            }
        }

        if (parts.Length == 2) ellipsis = Shapes.Broadcast(ellipsis, x[parts[0].Length..(x.Length - tail)]);
    }
}

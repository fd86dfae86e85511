using OnnxViz.Graphs.Naming;

namespace OnnxViz.Diff;

/// <summary>A layer of one version of a network and the one that stands in its place in the other.</summary>
/// <param name="Before">Of the first.</param>
/// <param name="After">Of the second.</param>
/// <param name="Units">How many both have.</param>
/// <param name="IsByName">Whether they bear one name; else their place among layers of their kind says that they belong together.</param>
internal sealed record LayerPair(Layer Before, Layer After, int Units, bool IsByName)
{
    /// <summary>More layers than these are matched by their names alone.</summary>
    private const int MostByOrder = 3000;

    private static readonly HashSet<string> Weighted = ["Conv", "ConvTranspose", "Gemm", "MatMul"];

    /// <summary>Layers with weights of their own, and what their networks end in, by name and then, of those whose names differ, by order.</summary>
    /// <param name="before">One version.</param>
    /// <param name="after">The other.</param>
    /// <param name="beforeDims">Of its input.</param>
    /// <param name="afterDims">Likewise.</param>
    /// <returns>In the first one's order.</returns>
    public static IReadOnlyList<LayerPair> Of(VisionModel before, VisionModel after, long[] beforeDims, long[] afterDims)
    {
        var (first, second) = (Sized(before, beforeDims), Sized(after, afterDims));
        var byName = second.SelectMany((s, i) => s.Layer.Names().Distinct().Select(name => (name, i))).GroupBy(n => n.name).Where(g => g.Count() == 1).ToDictionary(g => g.Key, g => g.First().i);
        var partner = new int[first.Count];
        var taken = new HashSet<int>();
        for (var i = 0; i < first.Count; i++)
        {
            partner[i] = first[i].Layer.Names().Select(name => byName.TryGetValue(name, out var at) ? at : -1).FirstOrDefault(at => at >= 0 && second[at].Units == first[i].Units && !taken.Contains(at), -1);
            if (partner[i] >= 0) taken.Add(partner[i]);
        }

        var named = partner.Select(p => p >= 0).ToArray();
        int[] left = [.. Enumerable.Range(0, first.Count).Where(i => !named[i])], right = [.. Enumerable.Range(0, second.Count).Where(i => !taken.Contains(i))];
        if (left.Length <= MostByOrder && right.Length <= MostByOrder)
            foreach (var (l, r) in Common([.. left.Select(i => first[i].Kind)], [.. right.Select(i => second[i].Kind)])) partner[left[l]] = right[r];
        return [.. Enumerable.Range(0, first.Count).Where(i => partner[i] >= 0).Select(i => new LayerPair(first[i].Layer, second[partner[i]].Layer, first[i].Units, named[i]))];
    }

    /// <summary>The longest sequence that two have in common (Wagner and Fischer 1974), as pairs of places.</summary>
    internal static IReadOnlyList<(int First, int Second)> Common(IReadOnlyList<string> first, IReadOnlyList<string> second)
    {
        var length = new ushort[first.Count + 1, second.Count + 1];
        for (var i = first.Count - 1; i >= 0; i--)
            for (var j = second.Count - 1; j >= 0; j--)
                length[i, j] = first[i] == second[j] ? (ushort)(length[i + 1, j + 1] + 1) : Math.Max(length[i + 1, j], length[i, j + 1]);
        var pairs = new List<(int, int)>();
        for (var (i, j) = (0, 0); i < first.Count && j < second.Count;)
        {
            if (first[i] == second[j]) pairs.Add((i++, j++));
            else if (length[i + 1, j] >= length[i, j + 1]) i++;
            else j++;
        }

        return pairs;
    }

    /// <summary>Null for a layer without units, such as one that has no row for each picture.</summary>
    private static long[]? UnitDims(ShapedModel forward, Value layer)
    {
        try
        {
            return forward.UnitDims(layer);
        }
        catch (OnnxVizException)
        {
            return null;
        }
    }

    private static List<(Layer Layer, int Units, string Kind)> Sized(VisionModel model, long[] dims)
    {
        var outputs = model.Graph.Outputs.ToHashSet();
        List<Layer> layers = [.. model.Layers.Layers.Where(l => Weighted.Contains(l.Node.OpType) || outputs.Contains(l.Value))];
        if (layers.Count == 0) return [];
        var forward = ShapedModel.Start(model, dims, [.. layers.Select(l => l.Value)]);
        return [.. from layer in layers
                   let shape = UnitDims(forward, layer.Value)
                   where shape is { Length: >= 2 } && shape[0] == dims[0] && Shapes.Count(shape) > 0
                   select (layer, (int)shape[1], $"{layer.Node.OpType} {shape[1]}")];
    }
}

namespace OnnxViz.Graphs.Folding;

/// <summary>
/// How much larger constants may become by being computed, in all: what is beyond stays a node. Conversions and what only moves
/// elements make none; a file of a few bytes can double a constant thirty times.
/// </summary>
internal sealed class FoldBudget
{
    /// <summary>Elements of weights that are made from nothing, as files without weights have them.</summary>
    private const long MostNumbers = 64L << 20;

    /// <summary>Elements of integers: shapes, positions, indices.</summary>
    private const long MostIntegers = 4L << 20;

    private long _numbers;
    private long _integers;

    /// <summary>Whether a node whose shapes are inferred may be computed; what it would add is taken from the budget.</summary>
    public bool Take(Node node)
    {
        double made = node.Outputs.Where(o => o.HasStaticShape).Sum(o => (double)Shapes.Count(o.Dims));
        var given = node.Inputs.OfType<Value>().Select(i => i.Constant).OfType<Tensor>().Distinct().Sum(t => t.Count);
        var grown = (long)Math.Min(made - given, long.MaxValue / 2);
        if (grown <= 0) return true;
        var isReal = node.Outputs[0].Type.IsFloating();
        if ((isReal ? _numbers : _integers) + grown > (isReal ? MostNumbers : MostIntegers)) return false;
        if (isReal) _numbers += grown;
        else _integers += grown;
        return true;
    }
}

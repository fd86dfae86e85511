using OnnxViz.Graphs.Inference;

namespace OnnxViz.Autodiff.Rules;

internal static class EinsumGradient
{
    /// <summary>
    /// The gradient of an operand is the Einsum of DY with the others, read out in the operand's own letters; along a
    /// letter that only this operand has, which was summed over, it is the same everywhere.
    /// </summary>
    public static Value?[] Einsum(GradientContext g)
    {
        var equation = new EinsumEquation(g.Node).Spelled([.. g.Node.Inputs.Select(x => x!.Rank)]);
        return [.. equation.Terms.Select((_, i) => g.X(i).Constant is null ? Operand(g, equation, i) : null)];
    }

    private static Value Operand(GradientContext g, EinsumEquation equation, int index)
    {
        var (x, term) = (g.X(index), equation.Terms[index]);
        if (term.Distinct().Count() < term.Length)
        {
            throw OnnxVizException.Input(
                $"The gradient of {g.Node} is not known: operand {index} ('{term}') takes a diagonal by repeating a letter. Explain a layer before it.");
        }

        var others = Enumerable.Range(0, equation.Terms.Length).Where(i => i != index).ToArray();
        string[] terms = [.. others.Select(i => equation.Terms[i]), equation.Output];
        var read = string.Concat(term.Where(c => Array.Exists(terms, t => t.Contains(c))));
        var gradient = g.Emit("Einsum", [.. others.Select(i => g.X(i)), g.DY], ("equation", $"{string.Join(',', terms)}->{read}"));
        long[] summed = [.. Enumerable.Range(0, term.Length).Where(i => !read.Contains(term[i])).Select(i => (long)i)];
        return summed.Length == 0 ? gradient : g.ExpandLike(g.Unsqueeze(gradient, summed), x);
    }
}

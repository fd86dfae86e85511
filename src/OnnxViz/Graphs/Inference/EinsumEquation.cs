using OnnxViz.Autodiff.Rules;

namespace OnnxViz.Graphs.Inference;

/// <summary>
/// The equation of an Einsum node, "bij,bjk->bik": a letter names a dimension, an ellipsis any number of dimensions that
/// broadcast. Without an arrow the output is the ellipsis and then every letter that occurs once, in alphabetical order.
/// </summary>
internal sealed class EinsumEquation
{
    public const string Ellipsis = "...";

    /// <exception cref="OnnxVizException">Not an equation, or one for another number of inputs.</exception>
    public EinsumEquation(Node node)
    {
        var text = string.Concat(node.Text("equation", "").Where(c => !char.IsWhiteSpace(c)));
        var sides = text.Split("->");
        Terms = sides[0].Split(',');
        if (sides.Length > 2 || Terms.Length != node.Inputs.Length) throw OnnxVizException.Input($"equation '{text}'");
        Output = sides.Length == 2 ? sides[1] : Implicit(sides[0]);
    }

    private EinsumEquation(string[] terms, string output) => (Terms, Output) = (terms, output);

    /// <summary>The letters of each input.</summary>
    public string[] Terms { get; }

    public string Output { get; }

    /// <summary>The same with a letter for every dimension that the ellipsis stands for, the last ones shared by all.</summary>
    /// <param name="ranks">Of the inputs.</param>
    public EinsumEquation Spelled(int[] ranks)
    {
        var letters = Enumerable.Range('a', 26).Concat(Enumerable.Range('A', 26)).Select(c => (char)c);
        var free = string.Concat(letters.Where(c => !Output.Contains(c) && !Array.Exists(Terms, t => t.Contains(c))));
        var hidden = Terms.Select((t, i) => t.Contains(Ellipsis) ? ranks[i] - (t.Length - Ellipsis.Length) : 0).ToArray();
        var most = hidden.Max();
        if (most > free.Length) throw OnnxVizException.Input($"more dimensions than there are letters in '{string.Join(',', Terms)}'");
        var all = free[..most];
        return new EinsumEquation(
            [.. Terms.Select((t, i) => t.Replace(Ellipsis, all[(most - hidden[i])..]))],
            Output.Replace(Ellipsis, all));
    }

    private static string Implicit(string inputs) =>
        (inputs.Contains(Ellipsis) ? Ellipsis : "")
        + string.Concat(inputs.Where(char.IsLetter).GroupBy(c => c).Where(g => g.Count() == 1).Select(g => g.Key).Order());
}

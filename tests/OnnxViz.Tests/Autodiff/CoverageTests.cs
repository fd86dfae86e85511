using System.Reflection;
using OnnxViz.Autodiff;
using OnnxViz.Autodiff.Rules;
using OnnxViz.Graphs;
using OnnxViz.Graphs.Emit;
using OnnxViz.Tests.Support.Networks;
using Xunit;

namespace OnnxViz.Tests.Autodiff;

public class CoverageTests
{
    private static readonly string[] Theories = ["Linear", "LinearParts", "Kinked", "Curved", "Smooth", "StraightThrough"];

    [Fact]
    public void Every_rule_has_a_row_that_is_compared_with_differences_and_every_row_a_rule()
    {
        var rows = Rows().SelectMany(Keys).ToHashSet();
        var rules = GradientRules.Default.Operators.ToHashSet();
        // OperatorTraitsTests compares every activation of the table.
        rows.UnionWith(rules.Where(r => OperatorTraits.Of(r).Is(OperatorNature.Activation)));

        Assert.True(rules.IsSubsetOf(rows), $"Rules without a row: {string.Join(", ", rules.Except(rows))}");
        Assert.True(rows.IsSubsetOf(rules), $"Rows without a rule: {string.Join(", ", rows.Except(rules))}");
    }

    /// <summary>The arguments of all rows, by parameter.</summary>
    internal static IEnumerable<Dictionary<string, object>> Rows() =>
        from type in typeof(CoverageTests).Assembly.GetTypes()
        where type.Namespace == typeof(CoverageTests).Namespace
        from method in type.GetMethods()
        where Theories.Contains(method.Name)
        from row in method.GetCustomAttributes<InlineDataAttribute>()
        from data in row.GetData(method)
        select method.GetParameters().Zip(data).ToDictionary(p => p.First.Name!, p => p.Second);

    internal static GradientCase Case(Dictionary<string, object> row) => GradientCase.Parse(
        (string)row["op"], (string)row["inputs"], (string)row.GetValueOrDefault("attributes", ""), (string)row.GetValueOrDefault("range", "-1..1"),
        (int)row.GetValueOrDefault("outputs", 1), seed: 0);

    /// <summary>The rows of the gradient table that the case's nodes belong to.</summary>
    private static IEnumerable<string> Keys(Dictionary<string, object> row)
    {
        var tested = Case(row);
        var builder = new GraphBuilder(opset: tested.Opset);
        tested.Function(builder, [.. tested.Inputs.Select((x, i) => builder.Input($"x{i}", x.Type, x.Dims))]);
        return builder.Graph.Nodes.Select(node => Activations.KeyOf(node));
    }
}

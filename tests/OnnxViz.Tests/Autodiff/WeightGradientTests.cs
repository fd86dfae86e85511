using System.Text.Json;
using OnnxViz.Autodiff;
using OnnxViz.Graphs;
using OnnxViz.Tests.Support;
using OnnxViz.Tests.Support.Networks;
using Xunit;

namespace OnnxViz.Tests.Autodiff;

/// <summary>
/// What training needs: the gradient of every weight, compared with finite differences and with PyTorch. The rows are in
/// the fixture, which tools/make_weight_gradient_fixtures.py writes.
/// </summary>
public class WeightGradientTests
{
    private const int OfTheScore = 99;

    private static readonly IReadOnlyList<Row> Fixture = JsonSerializer.Deserialize<Row[]>(
        File.ReadAllText(Repository.Fixture("weight_gradients.json")), JsonSerializerOptions.Web)!;

    /// <summary>Their weights have no gradient: they are integers, or the operator is refused, or made of others when a model is read.</summary>
    private static readonly string[] NotTrained = ["ConvInteger", "MatMulInteger", "QLinearConv", "QLinearMatMul", "RMSNormalization"];

    /// <summary>Operators without a weight of their own that take one as an operand.</summary>
    private static readonly string[] Operands = ["Add", "Div", "Einsum", "Gather", "Mul", "Sub"];

    public static TheoryData<string> Rows => [.. Fixture.Select(row => row.Text)];

    [Theory]
    [MemberData(nameof(Rows))]
    public void Is_that_of_finite_differences(string text)
    {
        var row = Fixture.Single(r => r.Text == text);
        Action<string, string, string, string, int> check = row.Kind switch
        {
            "Linear" => GradientCheck.Linear,
            "Kinked" => GradientCheck.Kinked,
            "Smooth" => GradientCheck.Smooth,
            _ => throw new ArgumentException(row.Kind),
        };
        check(row.Op, row.Inputs, row.Attributes, row.Range, row.Outputs);
    }

    [Theory]
    [MemberData(nameof(Rows))]
    public void Is_PyTorchs(string text)
    {
        var row = Fixture.Single(r => r.Text == text);
        var tested = row.Case();
        var bounds = Array.ConvertAll(row.Range.Split(".."), double.Parse);
        Tensor[] inputs = [.. tested.Inputs.Select((x, k) => x.Type.IsFloating() ? Numbers(k, bounds[0], bounds[1], x.Dims) : x)];
        using var graph = new TinyGraph(tested.Function, inputs, opset: tested.Opset);
        var gradients = graph.Gradients(inputs, [Numbers(OfTheScore, -1, 1, graph.Outputs.Single().Dims)]);
        for (var i = 0; i < gradients.Length; i++)
            if (row.Gradients[graph.Targets[i]] is { } expected) Near.Each($"{text}, input {graph.Targets[i]}", expected, gradients[i].ToDoubles(), 2e-6, 0);
    }

    [Fact]
    public void Every_operator_with_a_weight_has_a_row_for_each_of_its_weights_and_its_bias()
    {
        var covered = Fixture.SelectMany(row => row.Weights().Select(input => (row.Op, input))).ToHashSet();
        var wanted = OperatorTraits.All
            .Where(o => !NotTrained.Contains(o.Name) && !o.Name.StartsWith("com.microsoft.", StringComparison.Ordinal))
            .SelectMany(o => o.Weights.Concat(o.Bias is { } bias ? [bias] : []).Select(input => (o.Name, input)))
            .Concat(Operands.Select(op => (op, op == "Gather" ? 0 : 1)))
            .ToList();

        Assert.Empty(wanted.Except(covered));
        Assert.All(NotTrained, op => Assert.True(OperatorTraits.Of(op).Weights.Length > 0 && !GradientRules.Default.Operators.Contains(op), op));
    }

    /// <summary>The numbers that the script has for input k.</summary>
    private static Tensor Numbers(int k, double low, double high, long[] dims)
    {
        var numbers = new double[Shapes.Count(dims)];
        for (var i = 0L; i < numbers.Length; i++) numbers[i] = low + ((high - low) * (((7919 * i) + (104729 * (k + 1L))) % 2003) / 2002);
        return TinyTensors.Of(ElementType.Float, numbers, dims);
    }

    private sealed record Row(string Op, string Inputs, string Attributes, string Kind, string Range, double[]?[] Gradients)
    {
        public string Text => $"{Op} ({Inputs}) {Attributes}";

        public int Outputs => Attributes.Contains("training_mode") ? 3 : 1;

        public GradientCase Case() => GradientCase.Parse(Op, Inputs, Attributes, Range, Outputs, seed: 0);

        /// <summary>The inputs whose gradient PyTorch has.</summary>
        public IEnumerable<int> Weights() => Enumerable.Range(0, Gradients.Length).Where(i => Gradients[i] is not null);
    }
}

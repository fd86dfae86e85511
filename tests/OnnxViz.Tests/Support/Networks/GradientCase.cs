using OnnxViz.Graphs;
using OnnxViz.Graphs.Emit;

namespace OnnxViz.Tests.Support.Networks;

/// <summary>
/// One operator with its inputs, written as <see cref="TextNode"/> has it: a float32 or f64 shape is an input that the
/// gradient is taken for, ~[4,3] a constant of random numbers in -1..1, +[4] one in 0.5..1.5, @i64[2]=0,1 an input that
/// is fed but that no gradient is taken for, ![3] an input whose size is known to graphs of open sizes. The attribute opset=19 is the graph's. The operator Silu stands for
/// Mul(x, Sigmoid(x)), with swapped=1 for Mul(Sigmoid(x), x).
/// </summary>
internal sealed class GradientCase
{
    private readonly List<Tensor> _fed = [];
    private readonly HashSet<int> _sized = [];

    private GradientCase(string text, Func<GraphBuilder, Value[], Value[]> function, int opset) => (Text, Function, Opset) = (text, function, opset);

    public string Text { get; }

    public Func<GraphBuilder, Value[], Value[]> Function { get; }

    public int Opset { get; }

    public IReadOnlyList<Tensor> Inputs => _fed;

    /// <summary>Positions of the inputs whose size is known however open the graph is: weights.</summary>
    public IReadOnlySet<int> Sized => _sized;

    /// <summary>Half the distance between the closest numbers of all inputs.</summary>
    public double Room { get; private set; }

    /// <param name="op">The operator.</param>
    /// <param name="inputs">Its inputs.</param>
    /// <param name="attributes">Its attributes.</param>
    /// <param name="range">Bounds of the numbers fed, "-1..1".</param>
    /// <param name="outputs">How many the node has.</param>
    /// <param name="seed">Of all random numbers.</param>
    public static GradientCase Parse(string op, string inputs, string attributes, string range, int outputs, int seed)
    {
        var random = new Random(seed);
        var words = inputs.Split(' ', StringSplitOptions.RemoveEmptyEntries);
        var parsed = words.Select(word => (Word: word, Value: TextNode.Input(word.TrimStart('~', '+', '@', '!')))).ToArray();
        var given = TextNode.Attributes(attributes);
        var opset = given.Remove("opset", out var number) ? (int)(long)number : Graph.EmittedOpset;
        var constants = parsed.Select(p => Constant(p.Word, p.Value, random)).ToArray();
        var result = new GradientCase($"{op} ({inputs}) {attributes}", Emit, opset);
        var fed = parsed.Where(p => IsFed(p.Word, p.Value)).ToArray();
        result.Feed([.. fed.Select(p => p.Value!)], range, random);
        result._sized.UnionWith(Enumerable.Range(0, fed.Length).Where(i => fed[i].Word[0] == '!'));
        return result;

        Value[] Emit(GraphBuilder builder, Value[] values)
        {
            if (op == "Silu") return [Silu(builder, values[0], given.ContainsKey("swapped"))];
            var next = 0;
            var arguments = parsed.Select((p, i) => IsFed(p.Word, p.Value) ? values[next++] : constants[i] is { } c ? builder.Constant(c) : null);
            var results = builder.Node(op, [.. arguments], given, outputs, name: "node");
            // No score depends on indices, or on the running statistics of a batch normalisation in training mode.
            return given.ContainsKey("training_mode") ? results[..1] : Array.FindAll(results, y => y.Type.IsFloating());
        }
    }

    public static Value Silu(GraphBuilder builder, Value x, bool swapped)
    {
        var s = builder.Sigmoid(x);
        return swapped ? builder.Mul(s, x) : builder.Mul(x, s);
    }

    private static bool IsFed(string word, Value? value) => value is not null && (word[0] == '@' || (value.Constant is null && word[0] is not ('~' or '+')));

    private static Tensor? Constant(string word, Value? value, Random random)
    {
        if (word[0] is not ('~' or '+')) return value?.Constant;
        var low = word[0] == '+' ? 0.5 : -1;
        var numbers = new float[Shapes.Count(value!.Dims)];
        for (var i = 0; i < numbers.Length; i++) numbers[i] = (float)(low + (random.NextDouble() * (word[0] == '+' ? 1 : 2)));
        return Tensor.Of(numbers, value.Dims!);
    }

    /// <summary>Numbers of an even grid in random order, so that no two are close and none is near a round one.</summary>
    private void Feed(Value[] values, string range, Random random)
    {
        var bounds = Array.ConvertAll(range.Split(".."), double.Parse);
        var count = (int)values.Where(v => v.Constant is null).Sum(v => Shapes.Count(v.Dims));
        // An even number of cells puts the middle of the range on an edge between two.
        count += count % 2;
        Room = (bounds[1] - bounds[0]) / count / 2;
        var numbers = new double[count];
        for (var i = 0; i < count; i++) numbers[i] = bounds[0] + (((2 * i) + 1) * Room);
        random.Shuffle(numbers);
        var next = 0;
        foreach (var value in values)
        {
            if (value.Constant is { } constant)
            {
                _fed.Add(constant);
                continue;
            }

            var size = (int)Shapes.Count(value.Dims);
            _fed.Add(TinyTensors.Of(value.Type, numbers.AsSpan(next, size).ToArray(), value.Dims!));
            next += size;
        }
    }
}

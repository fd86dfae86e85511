namespace OnnxViz.Graphs.Recurrent;

/// <summary>
/// RNN, GRU and LSTM step by step in operators that have gradients (ONNX operator specification; what it leaves open as ONNX Runtime
/// computes it). The products of the inputs with their weights are one for all steps. Sequences lie along the first axis.
/// </summary>
internal abstract class Recurrence
{
    /// <summary>Of all steps; compiling and running a graph of more takes minutes.</summary>
    private const int MostNodes = 50_000;

    private const int NodesOfStep = 12;

    protected Recurrence(IEmitter emitter, Node node, int gates)
    {
        (E, Node, Gates) = (emitter, node, gates);
        Hidden = node.Required(2).Dims is [_, _, > 0 and var hidden] ? hidden : throw OnnxVizException.Input($"{node} has a size that is not known before the model runs.");
    }

    /// <summary>Where it is emitted.</summary>
    protected IEmitter E { get; }

    protected Node Node { get; }

    /// <summary>Numbers of one state.</summary>
    protected long Hidden { get; }

    /// <summary>Preactivations for each number of the state.</summary>
    protected int Gates { get; }

    /// <summary>What the operator computes, from its own inputs to what stands for all of its outputs.</summary>
    /// <exception cref="OnnxVizException">The length is not known, or too large; an activation is not known.</exception>
    public static Value[] Unrolled(IEmitter emitter, Node node) => (node.OpType switch
    {
        "LSTM" => (Recurrence)new LongShortTermMemory(emitter, node),
        "GRU" => new GatedRecurrence(emitter, node),
        "RNN" => new PlainRecurrence(emitter, node),
        _ => throw new ArgumentException(node.OpType),
    }).Unrolled();

    /// <summary>One step of one direction.</summary>
    /// <param name="direction">Its weights.</param>
    /// <param name="x">The products of the step's input and its weights with the biases that are always added, [1, batch, gates * hidden].</param>
    /// <param name="state">State, and cells where there are any, each [1, batch, hidden]; null for zeros.</param>
    protected abstract Value[] Step(Direction direction, Value x, Value?[] state);

    /// <summary>What is added to the products of the input: all biases, or those that need not be added elsewhere.</summary>
    protected virtual Value InputBias(Value input, Value recurrent) => E.Add(input, recurrent);

    /// <summary>The product of a state with a direction's recurrent weights of some gates; null of the state zero.</summary>
    protected Value? Recurrent(Direction direction, Value? state, int first, int count) =>
        state is null ? null : E.MatMul(state, direction.Turned(first, () => E.Transpose(Rows(direction.R, first, count), 1, 0)));

    /// <summary>The numbers of some gates of what has those of all gates in its first axis.</summary>
    protected Value Rows(Value all, int first, int count) => Part(all, 0, first, count, Gates);

    /// <summary>What has numbers of several gates in its last axis, in parts of some gates each.</summary>
    protected Value[] Split(Value all, params long[] gates) =>
        E.Builder.Node("Split", [all, E.Longs(Array.ConvertAll(gates, g => g * Hidden))], new Dictionary<string, object> { ["axis"] = 2L }, gates.Length);

    protected Value Sum(Value x, Value? more) => more is null ? x : E.Add(x, more);

    /// <summary>A state times weights of its own, [hidden], as peepholes are.</summary>
    protected Value Peeked(Value x, Value? cell, Value? peephole) => cell is null || peephole is null ? x : E.Add(x, E.Mul(cell, peephole));

    /// <summary>Some blocks of hidden numbers each along an axis.</summary>
    protected Value Part(Value all, int axis, int first, int count, int blocks) =>
        first == 0 && count == blocks ? all : E.Slice(all, [first * Hidden], [(first + count) * Hidden], [axis]);

    private Value[] Unrolled()
    {
        var x = Node.Required(0);
        var steps = x.Dims is [var length, _, _] ? length : Shapes.Unknown;
        if (steps < 1) throw OnnxVizException.OfModel($"{Node} runs over {(steps == 0 ? "nothing" : "a length that is known only when the model runs")}, so that it has no gradient. Take pictures of one size, or a layer before it.", argument: "Layer");
        var sides = Node.Text("direction", "forward") switch
        {
            "forward" => [false],
            "reverse" => [true],
            "bidirectional" => new[] { false, true },
            var other => throw OnnxVizException.Input($"{Node} has the direction '{other}'."),
        };
        if (steps * sides.Length * NodesOfStep > MostNodes) throw OnnxVizException.OfModel($"{Node} has {steps} steps, too many to be unrolled for its gradient. Take a smaller picture, or a layer before it.", argument: "Layer");
        var names = Activation.Of(Node, sides.Length);
        var results = sides.Select((isBackward, i) => Run(x, (int)steps, i, isBackward, names[i])).ToArray();
        return [.. results[0].Select((_, k) => results.Length == 1 ? results[0][k] : E.Concat(k == 0 ? 1 : 0, [.. results.Select(r => r[k])]))];
    }

    /// <summary>One direction: its outputs with their axis of directions.</summary>
    private Value[] Run(Value x, int steps, int side, bool isBackward, Activation[] activations)
    {
        var direction = new Direction(Of(1)!, Of(2)!, Of(3), Of(7), activations);
        var products = E.MatMul(x, E.Transpose(direction.W, 1, 0));
        if (direction.B is { } bias) products = E.Add(products, InputBias(Part(bias, 0, 0, Gates, 2 * Gates), Part(bias, 0, Gates, Gates, 2 * Gates)));
        var inputs = steps == 1
            ? [products]
            : E.Builder.Node("Split", [products, E.Longs([.. Enumerable.Repeat(1L, steps)])], new Dictionary<string, object> { ["axis"] = 0L }, steps);
        Value?[] state = Node.OpType == "LSTM" ? [Initial(5), Initial(6)] : [Initial(5)];
        var all = new Value[steps];
        for (var i = 0; i < steps; i++)
        {
            var at = isBackward ? steps - 1 - i : i;
            var next = Step(direction, inputs[at], state);
            if (Node.Input(4) is { } lengths)
            {
                // Beyond its end a sequence keeps its state and gives zeros.
                var goesOn = E.Unsqueeze(E.Less(E.Builder.Constant(Folding.Casting.To(Tensor.Scalar((long)at), lengths.Type)), lengths), 0, 2);
                next = [.. next.Select((n, k) => E.Where(goesOn, n, state[k] ?? E.Scalar(0)))];
                all[at] = E.Where(goesOn, next[0], E.Scalar(0));
            }
            else
            {
                all[at] = next[0];
            }

            state = [.. next];
        }

        return [E.Unsqueeze(steps == 1 ? all[0] : E.Concat(0, all), 1), .. state.OfType<Value>()];

        Value? Of(int input) => Node.Input(input) is { } value ? E.Squeeze(E.Slice(value, [side], [side + 1], [0]), 0) : null;

        Value? Initial(int input) => Node.Input(input) is { } value ? E.Slice(value, [side], [side + 1], [0]) : null;
    }

    /// <summary>The weights of one direction.</summary>
    /// <param name="W">Of the inputs, [gates * hidden, input].</param>
    /// <param name="R">Of the states, [gates * hidden, hidden].</param>
    /// <param name="B">Biases of the inputs and of the states, [2 * gates * hidden].</param>
    /// <param name="P">Peepholes, [3 * hidden].</param>
    /// <param name="Activations">In the order of the attribute.</param>
    protected sealed record Direction(Value W, Value R, Value? B, Value? P, Activation[] Activations)
    {
        private readonly Dictionary<int, Value> _turned = [];

        /// <summary>The weights of the states from one gate on as all steps take them.</summary>
        public Value Turned(int first, Func<Value> make) => _turned.TryGetValue(first, out var known) ? known : _turned[first] = make();
    }
}

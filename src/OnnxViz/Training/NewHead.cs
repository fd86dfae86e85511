using OnnxViz.Graphs.Naming;

namespace OnnxViz.Training;

/// <summary>The last layer of a network with weights, which gives a score per class.</summary>
/// <param name="Node">The layer.</param>
/// <param name="Scores">What classes are read from: the layer's output, or what is made of it.</param>
/// <param name="Output">The network's output: the scores, or what a softmax makes of them.</param>
/// <param name="IsNew">Whether its weights are random.</param>
internal sealed record NewHead(Node Node, Value Scores, Value Output, bool IsNew)
{
    /// <summary>The head of a model for a number of classes: its own where the number is the same, otherwise one with random weights.</summary>
    /// <param name="model">Its graph is changed.</param>
    /// <param name="classes">How many classes there are.</param>
    /// <param name="seed">Of the random weights.</param>
    /// <exception cref="OnnxVizException">Nothing in the model could be a head.</exception>
    public static NewHead On(VisionModel model, int classes, ulong seed)
    {
        if (!model.HasClasses || ClassOutput.Find(model) is not { Dims: not { Length: 4 } or [_, _, 1, 1] } scores) return OnFeatures(model, classes, seed);
        var output = model.Graph.Outputs.Find(o => ClassOutput.BeforeSoftmax(o) == scores) ?? scores;
        var between = new List<Node>();
        for (var value = scores; value.Producer is { } node; value = node.Required(0))
        {
            if (node.OpType is "Gemm" or "MatMul" or "Conv" && ParameterNames.Source(node.Required(1)) is { Constant: { } weight })
            {
                var axis = node.OpType == "Conv" || (node.OpType == "Gemm" && node.Int("transB", 0) == 1) ? 0 : 1;
                var dims = node.Required(1).Dims ?? (IsTurned(node.Required(1)) ? [.. weight.Dims.Reverse()] : weight.Dims);
                if (dims.Length < 2 || node.Int("group", 1) != 1) break;
                if (dims[axis] == classes) return new(node, scores, output, IsNew: false);
                Replace(model.Graph, node, between, dims, axis, classes, seed);
                foreach (var changed in between.Append(node).SelectMany(n => n.Outputs).Append(output)) Resize(changed, dims[axis], classes);
                return new(node, scores, output, IsNew: true);
            }

            between.Add(node);
            if (node.Inputs.Count(i => i is not null && ParameterNames.Source(i).Constant is null) != 1) break;
        }

        throw OnnxVizException.Input($"The scores of {model.Name} come from no linear layer or convolution that could be made anew for {classes} classes.");
    }

    /// <summary>Whether a weight is stored with its axes in another order than it is used in; one that is but stored in half precision is not.</summary>
    private static bool IsTurned(Value weight) => weight is { Constant: null, Producer: { } node } && (node.OpType == "Transpose" || IsTurned(node.Required(0)));

    private static void Replace(Graph graph, Node node, List<Node> between, long[] dims, int axis, int classes, ulong seed)
    {
        var old = dims[axis];
        var fanIn = Shapes.Count(dims) / old;
        long[] wanted = [.. dims];
        wanted[axis] = classes;
        var bound = 1 / Math.Sqrt(fanIn);
        var random = new CounterRandom(seed, 0);
        var numbers = new float[Shapes.Count(wanted)];
        for (var i = 0; i < numbers.Length; i++) numbers[i] = (float)random.Uniform(-bound, bound);
        Give(node, 1, Tensor.Of(numbers, wanted));
        // Biases of the layer itself and those added behind it, and shapes that name the number of classes.
        foreach (var (user, i) in between.Append(node).SelectMany(n => n.Inputs.Select((_, i) => (n, i))).Where(u => u.n != node || u.i != 1))
        {
            if (user.Input(i) is not { } value || ParameterNames.Source(value) is not { Constant: { } constant }) continue;
            if (constant.Type.IsFloating() && constant.Dims is [.., var last] && last == old)
                Give(user, i, Tensor.Of(new float[constant.Count / old * classes], [.. constant.Dims[..^1], classes]));
            else if (user.OpType == "Reshape" && i == 1)
                Give(user, i, Tensor.Longs([.. constant.ToLongs().Select(d => d == old ? classes : d)]));
        }

        // In place of the constant that was there, under its name.
        void Give(Node user, int input, Tensor tensor)
        {
            var name = ParameterNames.Source(user.Required(input)).Name;
            user.Inputs[input] = null;
            user.Inputs[input] = Constant(graph, name, tensor);
        }
    }

    /// <summary>A network without classes gets global average pooling and a linear layer.</summary>
    private static NewHead OnFeatures(VisionModel model, int classes, ulong seed)
    {
        var features = model.Graph.Outputs.Find(o => o is { Producer: not null, Dims: [_, > 1, _, _] or [_, > 1] } && o.Type.IsFloating())
            ?? throw OnnxVizException.Input($"{model.Name} has neither scores of classes nor features [N, C] or [N, C, H, W] with a known number of channels, to which a classifier could be added.");
        var (graph, channels) = (model.Graph, features.Dims![1]);
        var pooled = features.Dims.Length == 2 ? features : Add("GlobalAveragePool", "head/pool", [features], Shapes.Unknown, channels, 1, 1);
        var flat = pooled == features ? features : Add("Flatten", "head/flatten", [pooled], Shapes.Unknown, channels);
        var random = new CounterRandom(seed, 0);
        var bound = 1 / Math.Sqrt(channels);
        var numbers = new float[classes * channels];
        for (var i = 0; i < numbers.Length; i++) numbers[i] = (float)random.Uniform(-bound, bound);
        var scores = Add(
            "Gemm", "head", [flat, Constant(graph, "head.weight", Tensor.Of(numbers, classes, channels)), Constant(graph, "head.bias", Tensor.Of(new float[classes], classes))],
            Shapes.Unknown, classes);
        graph.Outputs.Insert(0, scores);
        return new(scores.Producer!, scores, scores, IsNew: true);

        Value Add(string opType, string name, Value?[] inputs, params long[] dims)
        {
            var output = new Value(Free(graph, name)) { Type = ElementType.Float, Dims = dims };
            graph.Nodes.Add(new Node(opType, name, inputs, [output], opType == "Gemm" ? new Dictionary<string, object> { ["transB"] = 1L } : null));
            return output;
        }
    }

    private static void Resize(Value value, long old, int classes)
    {
        if (value.Dims is { } dims) value.Dims = [.. dims.Select((d, axis) => axis > 0 && d == old ? classes : d)];
    }

    private static Value Constant(Graph graph, string name, Tensor tensor) =>
        new(Free(graph, name)) { Type = tensor.Type, Dims = tensor.Dims, Constant = tensor };

    /// <summary>The name, or one like it where something else in the graph has it.</summary>
    private static string Free(Graph graph, string name)
    {
        var taken = graph.Cut(graph.Outputs).Values().Select(v => v.Name).ToHashSet();
        var free = name;
        for (var i = 2; taken.Contains(free); i++) free = $"{name}_{i}";
        return free;
    }
}

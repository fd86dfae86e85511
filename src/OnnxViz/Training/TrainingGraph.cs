using OnnxViz.Autodiff;
using OnnxViz.Graphs.Opsets;
using OnnxViz.Optimize;

namespace OnnxViz.Training;

/// <summary>
/// One training step as one graph of standard operators: the network in training, the loss, its gradient by every trained
/// weight, and the optimiser. Weights, running statistics and what the optimiser keeps are inputs, and outputs.
/// </summary>
/// <remarks>
/// All gradients meet in one number, and every state is written behind it. So a state is written when nothing needs its
/// old value any more, and a step that is ended before that number is there has changed nothing.
/// </remarks>
internal sealed class TrainingGraph
{
    public const string Image = "image";
    public const string Targets = "targets";
    public const string Loss = "loss";
    public const string Correct = "correct";

    /// <summary>The root of the sum of all squared gradients; the number in which they meet.</summary>
    public const string GradientNorm = "gradient_norm";

    private readonly TrainableNetwork _network;
    private readonly TrainingRecipe _recipe;
    private readonly GraphBuilder _builder;
    private readonly WeightUpdate _update;
    private readonly List<StepState> _states = [];
    private readonly List<DropoutMask> _masks = [];

    /// <param name="network">What is trained.</param>
    /// <param name="recipe">How.</param>
    /// <param name="batch">Pictures in a step.</param>
    /// <exception cref="OnnxVizException">The network cannot run that batch, or a weight has no influence on the scores.</exception>
    public TrainingGraph(TrainableNetwork network, TrainingRecipe recipe, int batch)
    {
        (_network, _recipe) = (network, recipe);
        var c = network.Conventions;
        var b = _builder = new GraphBuilder("training", Math.Clamp(network.Graph.Opset, Graph.EmittedOpset, ShapedModel.PreparedOpset));
        _update = new WeightUpdate(b, recipe);
        var map = new Dictionary<Value, Value> { [network.Input] = b.Input(Image, ElementType.Float, c.InputDims(batch, c.Height, c.Width)) };
        foreach (var p in network.Parameters) map[p.Value] = b.Input(p.Name, ElementType.Float, p.Dims);

        var statistics = new List<(Value Parameter, Value Next)>();
        var scores = Forward(map, statistics);
        if (scores.StaticDims() is var dims && (dims.Length < 2 || dims[0] != batch || Shapes.Count(dims) != (long)batch * network.Classes))
            throw OnnxVizException.Input($"{network.Name} gives [{Shapes.Text(dims)}] for {batch} pictures, not one score for each of {network.Classes} classes.");
        var (loss, gradient, correct) = CrossEntropy.Emit(b, b.Reshape(scores, batch, network.Classes), b.Input(Targets, ElementType.Float, batch, network.Classes));
        b.Output(Loss, loss);
        b.Output(Correct, correct);
        var weights = network.Parameters.Where(p => !p.IsBuffer).Select(p => (Parameter: p, Input: map[p.Value])).ToList();
        var gradients = Backpropagation.Gradients(
            b, new Dictionary<Value, Value> { [scores] = b.Reshape(gradient, dims) }, [.. weights.Select(w => w.Input)], GradientRules.Default);
        Update(weights, gradients, statistics);
    }

    /// <summary>What is fed back.</summary>
    public IReadOnlyList<StepState> States => _states;

    /// <summary>What each step draws anew, by the name of its input.</summary>
    public IReadOnlyList<DropoutMask> Masks => _masks;

    public Graph Build() => _builder.Build();

    /// <summary>Sets the inputs of step t, counted from 1, but for the batch.</summary>
    public void Schedule(StepLoop loop, double learningRate, long t) => _update.Schedule(loop, learningRate, t);

    /// <summary>The network in training: batch normalisation by the batch's statistics, dropout by masks, convolutions of tiny pictures as one product.</summary>
    /// <param name="map">For inputs and weights what stands for them.</param>
    /// <param name="statistics">Receives the running statistics with their next values.</param>
    private Value Forward(Dictionary<Value, Value> map, List<(Value Parameter, Value Next)> statistics)
    {
        var (b, graph) = (_builder, _network.Graph);
        var trained = _network.Parameters.Where(p => !p.IsBuffer).Select(p => p.Value).ToHashSet();
        foreach (var node in graph.NodesFor([_network.Scores]))
        {
            var learns = node.OpType is "BatchNormalization" or "Conv" && node.Inputs[1] is { } weight && trained.Contains(weight);
            if (!learns && node.OpType != "Dropout") continue;
            map = new(b.Inline(graph, map, learns ? node.Inputs.OfType<Value>() : [node.Required(0)]));
            var x = map[node.Required(0)];
            if (node.OpType == "Conv")
            {
                if (UnrolledConvolution.Pays(node, x)) map[node.Outputs[0]] = UnrolledConvolution.Emit(b, node, x, map[node.Required(1)], node.Input(2) is { } bias ? map[bias] : null);
                continue;
            }

            if (node.OpType == "Dropout")
            {
                map[node.Outputs[0]] = Masked(node, x);
                continue;
            }

            var (y, mean, variance) = BatchStatistics.Emit(b, node, x, map[node.Required(1)], map[node.Required(2)]);
            map[node.Outputs[0]] = y;
            foreach (var (i, ofBatch) in new[] { (3, mean), (4, variance) })
                statistics.Add((map[node.Required(i)], BatchStatistics.Running(b, node, map[node.Required(i)], ofBatch)));
        }

        return b.Inline(graph, map, [_network.Scores])[_network.Scores];
    }

    private Value Masked(Node node, Value x)
    {
        var share = _recipe.Dropout ?? node.Input(1)?.Constant?.ToFloats()[0] ?? node.Float("ratio", 0.5f);
        if (share <= 0) return x;
        var mask = _builder.Input($"{node.Name}/mask", ElementType.Float, x.StaticDims());
        _masks.Add(new DropoutMask(mask.Name, x.StaticDims(), share));
        return _builder.Mul(x, mask);
    }

    private void Update(List<(Parameter Parameter, Value Input)> weights, Value[] gradients, List<(Value Parameter, Value Next)> statistics)
    {
        var b = _builder;
        using var scope = b.Scope("optimizer");
        var norm = b.Sqrt(gradients.Select(g => b.ReduceSum(b.Mul(g, g), Shapes.Axes(0, g.Rank), keep: false)).Aggregate(b.Add));
        b.Output(GradientNorm, norm);
        // 1 where the norm is a number: what is multiplied by it waits for all gradients.
        var one = b.Where(b.GreaterOrEqual(norm, b.Scalar(0)), b.Scalar(1), norm);
        foreach (var ((parameter, input), gradient) in weights.Zip(gradients))
        {
            var memory = new OptimizerMemory(b, parameter.Dims, $"{parameter.Name}/");
            Keep(input, parameter, _update.Next(input, b.Mul(gradient, one), memory));
            _states.AddRange(memory.States);
        }

        var buffers = _network.Parameters.Where(p => p.IsBuffer).ToDictionary(p => p.Name);
        foreach (var (input, next) in statistics)
            if (buffers.Remove(input.Name, out var parameter)) Keep(input, parameter, b.Mul(next, one));

        void Keep(Value input, Parameter parameter, Value next)
        {
            b.Output($"{input.Name}_next", next);
            _states.Add(new StepState(input.Name, $"{input.Name}_next", _network.Initial[parameter.Name]));
        }
    }
}

/// <summary>An input that leaves features out: 0, or 1 / (1 - share) so that their mean stays (Srivastava et al. 2014).</summary>
/// <param name="Input">Name of the graph's input.</param>
/// <param name="Dims">Its dimensions.</param>
/// <param name="Share">Of the features that are left out.</param>
internal sealed record DropoutMask(string Input, long[] Dims, double Share)
{
    /// <summary>The mask of one step.</summary>
    public Tensor Draw(CounterRandom random)
    {
        var mask = new float[Shapes.Count(Dims)];
        var kept = (float)(1 / (1 - Share));
        for (var i = 0; i < mask.Length; i++) mask[i] = random.Uniform() < Share ? 0 : kept;
        return Tensor.Of(mask, Dims);
    }
}

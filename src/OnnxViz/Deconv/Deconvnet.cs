using OnnxViz.Autodiff;
using OnnxViz.Graphs.Naming;
using OnnxViz.Models.Batches;
using OnnxViz.Objectives;

namespace OnnxViz.Deconv;

/// <summary>
/// Projects activations back to pixels (Zeiler and Fergus, Visualizing and Understanding Convolutional Networks, 2013): all
/// activations of a layer but one are set to zero; on the way down every max-pool is undone by its recorded switches, every
/// ReLU rectifies what comes from above, every convolution becomes its transpose, and biases are left out. Where windows
/// overlap and share a switch, what they bring adds up.
/// </summary>
internal static class Deconvnet
{
    /// <param name="model">The network.</param>
    /// <param name="layer">A value of its graph, whose activations are projected.</param>
    /// <param name="inputDims">Dimensions of the model's input: [N, C, H, W] or [N, H, W, C], any N.</param>
    /// <param name="targets">What is projected, each by itself.</param>
    /// <param name="runtime">Where it runs.</param>
    /// <param name="progress">Told how many are done.</param>
    /// <param name="token">Stops within a batch; what is finished is returned.</param>
    /// <returns>For each target, in their order, its projection: [1, ...] in the shape and layout of the input.</returns>
    /// <exception cref="OnnxVizException">The layer has no such unit, or an operator on the way down has no gradient.</exception>
    public static IReadOnlyList<Tensor> Project(
        VisionModel model,
        Value layer,
        long[] inputDims,
        IReadOnlyList<DeconvTarget> targets,
        RuntimeOptions runtime,
        IProgress<int>? progress = null,
        CancellationToken token = default)
    {
        var results = new List<Tensor>();
        foreach (var projection in Stream(model, layer, inputDims, targets, runtime, token))
        {
            results.Add(projection);
            progress?.Report(results.Count);
        }

        return results;
    }

    /// <summary>Projects one target after the other, for more projections than are to be held at once.</summary>
    /// <inheritdoc cref="Project"/>
    public static IEnumerable<Tensor> Stream(
        VisionModel model, Value layer, long[] inputDims, IReadOnlyList<DeconvTarget> targets, RuntimeOptions runtime, CancellationToken token = default)
    {
        if (targets.Count == 0) yield break;
        // A model whose batch is fixed to one picture takes them one by one.
        var most = model.Input.Dims![0] == 1 ? 1 : BatchPlan.For(runtime.Device).Optimized(ShapedModel.Start(model, [1, .. inputDims[1..]], layer), targets.Count);
        Projector? projector = null;
        try
        {
            // Parts of nearly the same size, because every size needs a session of its own.
            foreach (var part in targets.Chunk(BatchPlan.Even(targets.Count, most)))
            {
                if (token.IsCancellationRequested) yield break;
                if (projector?.Rows != part.Length)
                {
                    projector?.Dispose();
                    projector = new Projector(model, layer, [part.Length, .. inputDims[1..]], runtime);
                }

                if (projector.TryRun(part, token) is not { } projections) yield break;
                foreach (var projection in projections) yield return projection;
            }
        }
        finally
        {
            projector?.Dispose();
        }
    }

    /// <summary>Compiles the graph without running it, so that a projection that is not possible is refused before hours of other work.</summary>
    /// <inheritdoc cref="Project"/>
    public static void Check(VisionModel model, Value layer, long[] inputDims) => Projector.Emit(ShapedModel.NewBuilder(model), model, layer, inputDims);

    /// <summary>The layers that are max-pools on the way from the picture to the answer, in the order of the graph.</summary>
    public static IReadOnlyList<Layer> Pools(VisionModel model) => [.. model.Layers.Layers.Where(l => l.Node is { OpType: "MaxPool", Domain: "" })];

    /// <summary>The graph for a number of rows: picture and mask in, projection out.</summary>
    private sealed class Projector : IDisposable
    {
        private readonly Session _session;
        private readonly string _layer;
        private readonly long[] _maps;

        public Projector(VisionModel model, Value layer, long[] inputDims, RuntimeOptions runtime)
        {
            (Rows, _layer) = ((int)inputDims[0], model.Layers.NameOf(layer));
            var b = ShapedModel.NewBuilder(model);
            _maps = Emit(b, model, layer, inputDims);
            _session = new Session(b.Build(), runtime);
        }

        public int Rows { get; }

        /// <returns>Dimensions of the activation, and of the mask that says what is kept of it.</returns>
        public static long[] Emit(GraphBuilder b, VisionModel model, Value layer, long[] inputDims)
        {
            var image = b.Input("image", ElementType.Float, inputDims);
            var gradient = LayerGradient.Of(b, model, image, layer, GradientRules.Deconv);
            var maps = gradient.Activation.StaticDims();
            Units.Check(0, maps, model.Layers.NameOf(layer));
            var kept = b.Input("kept", ElementType.Bool, maps);
            b.Output("projection", gradient.ToInput(b.Where(kept, gradient.Activation, b.Scalar(0))));
            return maps;
        }

        /// <returns>Null if the token ended it.</returns>
        public IReadOnlyList<Tensor>? TryRun(DeconvTarget[] targets, CancellationToken token)
        {
            var kept = new bool[Shapes.Count(_maps)];
            var positions = (int)Shapes.Count(_maps.AsSpan(2));
            for (var row = 0; row < Rows; row++)
            {
                Units.Check(targets[row].Unit, _maps, _layer);
                if (targets[row].Position is { } at && (at < 0 || at >= positions))
                    throw OnnxVizException.Input($"'{_layer}' has {positions} positions, and position {at} of unit {targets[row].Unit} is asked for.");
                var map = kept.AsSpan((int)((row * _maps[1]) + targets[row].Unit) * positions, positions);
                if (targets[row].Position is { } position) map[position] = true;
                else map.Fill(true);
            }

            try
            {
                var inputs = new Dictionary<string, Tensor> { ["image"] = Tensors.Stack([.. targets.Select(t => t.Input())]), ["kept"] = Tensor.Of(kept, _maps) };
                var projections = _session.Run(inputs, token)["projection"];
                return [.. targets.Select((_, row) => Tensors.Rows(projections, row, 1))];
            }
            catch (OperationCanceledException)
            {
                return null;
            }
        }

        public void Dispose() => _session.Dispose();
    }
}

/// <summary>What a deconvnet projects back.</summary>
/// <param name="Input">Delivers the picture as a row of the model's input, [1, ...]; asked when its turn comes.</param>
/// <param name="Unit">The map of the layer that stays; all others are zero.</param>
/// <param name="Position">Which of its activations stays, counted row by row; null for the whole map.</param>
internal sealed record DeconvTarget(Func<Tensor> Input, int Unit, int? Position);

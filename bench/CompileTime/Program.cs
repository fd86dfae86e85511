using System.Diagnostics;
using OnnxViz.Autodiff;
using OnnxViz.Graphs;
using OnnxViz.Models;

// dotnet run --project bench/CompileTime -c Release -- MODEL.onnx [ROUNDS]
// How long the compiler takes for the class scores of a picture, in milliseconds. The first round is what a user waits for.
var rounds = args.Length > 1 ? int.Parse(args[1]) : 3;
var clock = Stopwatch.StartNew();
for (var round = 0; round < rounds; round++)
{
    clock.Restart();
    var model = VisionModel.Load(args[0], ModelCatalog.Open(Path.GetFullPath("onnx-models")));
    var scores = ClassOutput.Of(model);
    var load = Lap();
    var conventions = model.Conventions;
    long[] dims = model.Input.Dims![1] > 3
        ? [1, conventions.Height, conventions.Width, conventions.Channels]
        : [1, conventions.Channels, conventions.Height, conventions.Width];
    var forward = ShapedModel.Start(model, dims, scores);
    var (inline, nodes) = (Lap(), forward.Builder.Graph.Nodes.Count);
    var y = forward[scores];
    var seed = forward.Builder.Input("seed", y.Type, y.StaticDims());
    var seeds = new Dictionary<Value, Value> { [y] = seed };
    forward.Builder.Output("gradient", Backpropagation.Gradients(forward.Builder, seeds, [forward.Input], GradientRules.Default)[0]);
    var graph = forward.Builder.Build();
    var gradient = Lap();
    Console.WriteLine(
        $"{model.Graph.Nodes.Count} nodes in the file, {nodes} for this size, {graph.Nodes.Count} with the gradient: "
        + $"load {load:0}, specialise {inline:0}, gradient {gradient:0} ms");
}

double Lap()
{
    var elapsed = clock.Elapsed.TotalMilliseconds;
    clock.Restart();
    return elapsed;
}

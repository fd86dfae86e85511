using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using OnnxViz.Maximize;
using OnnxViz.Models;
using OnnxViz.Onnx;
using OnnxViz.Optimize.Parameterizations;
using OnnxViz.Optimize.Transforms;
using OnnxViz.Rewriting;
using OnnxViz.Runtime;

namespace OnnxViz.Benchmarks;

/// <summary>
/// How long one step of an optimisation takes, as the program does it: forward, gradient, Adam, all on the model's own
/// input, one picture for each of the first units. Prints one JSON object; bench/steps.py puts PyTorch beside it.
/// </summary>
internal static class StepTiming
{
    /// <param name="args">MODEL LAYER BATCH STEPS [SIDE] [key=value ...]: save=FILE writes the graph of a step and ends, exact keeps its form.</param>
    public static int Run(string[] args)
    {
        var model = VisionModel.Load(args[0], Bench.Catalog);
        var layer = model.Layers.Find(args[1]);
        var (batch, steps) = (int.Parse(args[2], CultureInfo.InvariantCulture), int.Parse(args[3], CultureInfo.InvariantCulture));
        var settings = args.Skip(4).Select(a => a.Split('=', 2)).ToDictionary(a => a[0], a => a[^1]);
        var side = settings.TryGetValue("side", out var s) ? int.Parse(s, CultureInfo.InvariantCulture) : 224;
        var options = new MaximizeOptions
        {
            Param = ParameterKind.Tensor,
            Height = side,
            Width = side,
            Steps = steps,
            Batch = batch,
            LearningRate = 0.05,
            Transforms = Transforms.None,
            RedirectSteps = 0,
            Restarts = 0,
            Init = Initialization.Noise(-0.1f, 0.1f),
        };
        var units = Enumerable.Range(0, batch).ToArray();
        if (settings.TryGetValue("save", out var path))
        {
            MaximizationGoal[] goals = [.. units.Select(u => new MaximizationGoal(Objectives.Objective.Unit(layer, u, options.Reduction)))];
            var slots = ObjectiveSlots.For(model, [.. goals.Select(g => g.Objective)], side, side);
            var graph = new StepGraph(model, slots, batch, new TensorParameterization(model, side, side, options.Bounds), options).Build();
            OnnxFile.Save(settings.ContainsKey("exact") ? graph : CpuRewrites.Of(graph, RuntimeOptions.Default.Winograd.For(graph, RuntimeOptions.Default with { Runs = steps })), path);
            return 0;
        }

        var times = new List<double>();
        var watch = Stopwatch.StartNew();
        var last = 0.0;
        float objective = 0;
        ActivationMaximization.Run(model, layer, units, options, RuntimeOptions.Default with { Exact = settings.ContainsKey("exact") }, new Steps(p =>
        {
            var now = watch.Elapsed.TotalMilliseconds;
            times.Add(now - last);
            (last, objective) = (now, p.Objective);
        }));
        var warm = times.Skip(Math.Min(3, times.Count - 1)).Order().ToArray();
        Console.WriteLine(JsonSerializer.Serialize(new { first_ms = times[0], median_ms = warm[warm.Length / 2], min_ms = warm[0], steps = times.Count, objective }));
        return 0;
    }

    /// <summary>Reports where it is told, on the thread of the step.</summary>
    private sealed class Steps(Action<MaximizationProgress> told) : IProgress<MaximizationProgress>
    {
        public void Report(MaximizationProgress value) => told(value);
    }
}

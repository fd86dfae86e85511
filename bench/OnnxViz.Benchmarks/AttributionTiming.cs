using System.Diagnostics;
using System.Text.Json;
using OnnxViz.Models;
using OnnxViz.Saliency;
using OnnxViz.Saliency.Methods;

namespace OnnxViz.Benchmarks;

/// <summary>
/// How long attributions of a class take in a process that has the model and has taken one gradient, as bench/attributions
/// times PyTorch. Prints seconds by method, as JSON.
/// </summary>
internal static class AttributionTiming
{
    private static readonly SaliencyMethod[] Methods =
    [
        new IntegratedGradients(), new SmoothGrad { Samples = 25 }, new Occlusion { Window = new(32, 32), Stride = new(16, 16) }, new ScoreCam(), new Rise { Masks = 1000 },
    ];

    /// <param name="args">Words of methods; none for all.</param>
    public static int Run(string[] args)
    {
        var model = VisionModel.Load(Bench.Model, Bench.Catalog);
        model.Explain(Bench.Picture, SaliencyMethod.Parse("gradient"));
        var seconds = new Dictionary<string, double>();
        foreach (var method in Methods.Where(m => args.Length == 0 || args.Contains(m.Word)))
        {
            var watch = Stopwatch.StartNew();
            model.Explain(Bench.Picture, method);
            seconds[method.Word] = watch.Elapsed.TotalSeconds;
        }

        Console.WriteLine(JsonSerializer.Serialize(seconds));
        return 0;
    }
}

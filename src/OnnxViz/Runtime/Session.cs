using Microsoft.ML.OnnxRuntime;
using OnnxViz.Onnx;
using OnnxViz.Profiling;
using OnnxViz.Rewriting;
using OnnxViz.Runtime.Memory;

namespace OnnxViz.Runtime;

/// <summary>A graph made ready to run. Several threads may run it at once.</summary>
public sealed class Session : IDisposable
{
    /// <summary>Bytes of weights of which a second copy does no harm.</summary>
    private const long MostPacked = 256 << 20;

    /// <param name="graph">Its inputs are what <see cref="Run(IReadOnlyDictionary{string, Tensor}, CancellationToken)"/> is given.</param>
    /// <param name="options">Where it runs.</param>
    /// <exception cref="OperationCanceledException">The options' token asked for it; ONNX Runtime itself loads to the end.</exception>
    /// <exception cref="OnnxVizException">ONNX Runtime refuses the graph, the device is not usable, or has not the memory to run it.</exception>
    public Session(Graph graph, RuntimeOptions options)
    {
        // What is made of it later, such as to read a state, is wanted after an interruption too.
        Options = options with { Token = default };
        if (options.TakesCudaForms) graph = CudaForms.Apply(graph);
        graph = SafeDivisions.Apply(graph);
        MemoryNeed.Require(graph, options.FreeMemory());
        using var phase = Profiler.Phase("make the session");
        var size = 0;
        Guard("load the graph", () =>
        {
            using var gate = CudaGate.WithOthers(options);
            options.Token.ThrowIfCancellationRequested();
            var rewritten = Rewritten(graph, options);
            Profiled = Profiler.Current?.Add(rewritten, (measures, seen) => PeakMeasurement.Of(options, measures, seen));
            using var sessionOptions = options.ToSessionOptions();
            if (Profiled is not null) (sessionOptions.ProfileOutputPathPrefix, sessionOptions.EnableProfiling) = (Profiled.Prefix, true);
            var weights = new StoredWeights();
            var bytes = Serialized(rewritten, OrtLibrary.FindsStoredWeights ? weights : null);
            if (weights.Folder is { } folder) sessionOptions.AddSessionConfigEntry("session.model_external_initializers_file_folder_path", folder);
            // ONNX Runtime orders matrices anew for products of many rows. That is a second copy, and a picture is one row.
            if (weights.Bytes > MostPacked) sessionOptions.AddSessionConfigEntry("session.disable_prepacking", "1");
            size = bytes.Length;
            options.Token.ThrowIfCancellationRequested();
            Inference = new InferenceSession(bytes, sessionOptions);
        });
        GivenBack.AfterLoading(size);
        Profiled?.Begin(Inference.EndProfiling);
        Outputs = [.. graph.Outputs.Select(o => o.Name)];
    }

    /// <summary>Where it runs.</summary>
    public RuntimeOptions Options { get; }

    /// <summary>Names of the graph's outputs, in its order.</summary>
    public IReadOnlyList<string> Outputs { get; }

    internal InferenceSession Inference { get; private set; } = null!;

    /// <summary>What is recorded of it; null where no profiler runs.</summary>
    internal ProfiledSession? Profiled { get; private set; }

    /// <summary>Runs once and brings all outputs back.</summary>
    /// <param name="inputs">A tensor for each input of the graph, by name.</param>
    /// <param name="token">Ends the run between two of its nodes.</param>
    /// <exception cref="OnnxVizException">ONNX Runtime fails.</exception>
    /// <exception cref="OperationCanceledException">The token asked for it.</exception>
    public IReadOnlyDictionary<string, Tensor> Run(IReadOnlyDictionary<string, Tensor> inputs, CancellationToken token = default)
    {
        using var profiled = Profiled?.Run("run a graph") ?? default;
        using var held = new HeldInputs(inputs);
        return Results(held, token);
    }

    /// <inheritdoc cref="Run(IReadOnlyDictionary{string, Tensor}, CancellationToken)"/>
    internal IReadOnlyDictionary<string, Tensor> Run(HeldInputs inputs, CancellationToken token)
    {
        using var profiled = Profiled?.Run("run a graph") ?? default;
        return Results(inputs, token);
    }

    /// <summary>Frees what ONNX Runtime holds for it.</summary>
    public void Dispose()
    {
        Profiled?.End();
        Inference.Dispose();
    }

    /// <summary>A run that the token can end. ONNX Runtime looks between two nodes, so it takes the rest of one.</summary>
    internal static void Guard(string what, Action<RunOptions> action, CancellationToken token = default)
    {
        token.ThrowIfCancellationRequested();
        OrtLibrary.Start();
        using var run = new RunOptions();
        using var registration = token.Register(() => run.Terminate = true);
        try
        {
            Guard(what, () => action(run));
        }
        catch (OnnxVizException e) when (token.IsCancellationRequested)
        {
            throw new OperationCanceledException(e.Message, e, token);
        }
    }

    private Dictionary<string, Tensor> Results(HeldInputs inputs, CancellationToken token)
    {
        Dictionary<string, Tensor> results = [];
        Guard("run the graph", run =>
        {
            using var gate = CudaGate.WithOthers(Options);
            using var outputs = Inference.Run(run, inputs.Values, Outputs);
            for (var i = 0; i < Outputs.Count; i++) results[Outputs[i]] = OrtTensors.ToTensor(outputs[i]);
        }, token);
        return results;
    }

    private static Graph Rewritten(Graph graph, RuntimeOptions options)
    {
        if (!options.Rewrites) return graph;
        using var phase = Profiler.Phase("rewrite the graph");
        return CpuRewrites.Of(graph, options.Winograd.For(graph, options));
    }

    private static byte[] Serialized(Graph graph, StoredWeights? weights)
    {
        using var phase = Profiler.Phase("write the graph for ONNX Runtime");
        return OnnxFile.Serialize(graph, weights);
    }

    /// <summary>Turns what ONNX Runtime throws into a sentence; its messages may have several lines.</summary>
    private static void Guard(string what, Action action)
    {
        try
        {
            action();
        }
        catch (OnnxRuntimeException e)
        {
            var message = string.Join(' ', e.Message.Split(['\r', '\n'], StringSplitOptions.RemoveEmptyEntries));
            var fault = message.Contains("Failed to allocate memory", StringComparison.Ordinal) || message.Contains("bad_alloc", StringComparison.Ordinal)
                ? Fault.Machine
                : Fault.Input;
            throw new OnnxVizException(fault, $"ONNX Runtime could not {what}: {message}", e);
        }
    }
}

using System.Runtime.InteropServices;
using System.Text.Json.Nodes;
using OnnxViz.Caching;
using OnnxViz.Runtime.Hardware;

namespace OnnxViz.Cli.Verbs.Doctor;

/// <summary>What this machine can do.</summary>
/// <param name="ortLibrary">ONNX Runtime's library that is examined in place of the program's own; null for that.</param>
internal sealed class Machine(string? ortLibrary)
{
    /// <returns>The exit code.</returns>
    public int Tell(Output output)
    {
        var facts = new List<(string Key, string Title, JsonNode? Value, string Text)>
        {
            ("program", "onnxviz", Manual.Version, Manual.Version),
            ("system", "system", RuntimeInformation.RuntimeIdentifier, $"{RuntimeInformation.OSDescription} ({RuntimeInformation.RuntimeIdentifier}), .NET {Environment.Version}"),
            ("processors", "processors", Environment.ProcessorCount, $"{Environment.ProcessorCount} logical, {PhysicalCores.Count} cores"),
            ("cpu_features", "CPU features", JsonText.Array(CpuFeatures.Present()), string.Join(", ", CpuFeatures.Present())),
        };
        var memory = GC.GetGCMemoryInfo().TotalAvailableMemoryBytes;
        facts.Add(("memory", "memory", memory, $"{memory / 1e9:0.0} GB"));
        var works = AddRuntime(facts);
        AddModels(facts);
        AddCache(facts);

        output.Table(["what", "this machine"], facts.Select(f => new[] { f.Title, f.Text }));
        var result = new JsonObject { ["verb"] = "doctor" };
        foreach (var (key, _, value, _) in facts) result[key] = value;
        output.Object(result);
        return works ? 0 : Failure.ExitCodeOf(Fault.Input);
    }

    /// <returns>Whether there is an ONNX Runtime at all.</returns>
    private bool AddRuntime(List<(string Key, string Title, JsonNode? Value, string Text)> facts)
    {
        try
        {
            if (ortLibrary is { } path) OnnxRuntimeChoice.Use(path);
            var report = OrtLibrary.Describe();
            facts.Add(("onnxruntime", "ONNX Runtime", report.Version, report.Version));
            facts.Add(("library", "library", report.Path, report.Path ?? "unknown"));
            facts.Add(("providers", "providers", JsonText.Array(report.Providers), string.Join(", ", report.Providers)));
            var missing = report.Cuda.Missing.Select(m => $"{m.File} ({m.Package})").ToList();
            facts.Add(("cuda", "CUDA", report.Cuda.Works, report.Cuda.Works ? "works" : $"not usable: {report.Cuda.Error}{Remedy(report.Cuda)}"));
            facts.Add(("cuda_missing", "CUDA lacks", JsonText.Array(missing), missing.Count == 0 ? "nothing" : string.Join(", ", missing)));
            return true;
        }
        catch (OnnxVizException e)
        {
            facts.Add(("onnxruntime", "ONNX Runtime", null, e.Message));
            facts.Add(("onnxruntime_error", "", e.Message, ""));
            return false;
        }
    }

    /// <summary>Where ONNX Runtime itself has no CUDA.</summary>
    private static string Remedy(CudaReport cuda) => cuda.ProviderPath is null && !OperatingSystem.IsMacOS()
        ? "; build with -p:OrtGpu=true, or name another library with --ort-library"
        : "";

    private static void AddModels(List<(string Key, string Title, JsonNode? Value, string Text)> facts)
    {
        try
        {
            var catalog = ModelCatalog.Open();
            facts.Add(("models_folder", "models' folder", catalog.Folder, catalog.Folder));
            var states = catalog.Models.Select(m => (m.Name, State: State(catalog, m))).ToList();
            facts.Add(("models", "models", new JsonObject([.. states.Select(s => KeyValuePair.Create(s.Name, (JsonNode?)s.State))]), string.Join(", ", states.Select(s => $"{s.Name}: {s.State}"))));
        }
        catch (OnnxVizException e)
        {
            facts.Add(("models_folder", "models' folder", null, e.Message));
        }
    }

    private static void AddCache(List<(string Key, string Title, JsonNode? Value, string Text)> facts)
    {
        var cache = CacheFolder.Default;
        var size = cache.Size;
        facts.Add(("cache_folder", "cache", cache.Folder, cache.Folder ?? $"none: {CachePlace.Variable} is {CachePlace.Off}, or there is no home"));
        facts.Add(("cache_size", "cache holds", size, $"{size / 1e6:0.0} MB, at most {CacheFolder.Most / 1e6:0}"));
    }

    private static string State(ModelCatalog catalog, KnownModel model)
    {
        var path = catalog.PathOf(model);
        if (!File.Exists(path)) return "not here";
        return InputFile.Of(path).Sha256 == model.Sha256 ? "good" : "not the file that models.json describes (SHA-256 differs)";
    }
}

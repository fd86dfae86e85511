using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;
using OnnxViz.Caching;
using OnnxViz.Cli;

namespace OnnxViz.Tests.Support;

/// <summary>What Main does for the program's process, done for that of the tests; a process that tests look at is left alone.</summary>
internal static class TestProcess
{
    [ModuleInitializer]
    [SuppressMessage("Usage", "CA2255", Justification = "It must be done before any test can touch ONNX Runtime.")]
    internal static void Start()
    {
        if (LibraryProcess.IsThis) return;
        Telemetry.Disable();
        KeepToThemselves();
    }

    /// <summary>Nothing is read from the user's cache and models nor left among them, by this process and by those that it starts.</summary>
    private static void KeepToThemselves()
    {
        var cache = Directory.CreateTempSubdirectory("onnxviz-test-cache-").FullName;
        Environment.SetEnvironmentVariable(CachePlace.Variable, cache);
        Environment.SetEnvironmentVariable(UserFolderKind.Models.XdgVariable, cache);
        AppDomain.CurrentDomain.ProcessExit += (_, _) => Directory.Delete(cache, recursive: true);
    }
}

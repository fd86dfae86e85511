using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;
using OnnxViz.Cli;

namespace OnnxViz.Tests.Support;

/// <summary>What Main does for the program's process, done for that of the tests; a process that tests look at is left alone.</summary>
internal static class TestProcess
{
    [ModuleInitializer]
    [SuppressMessage("Usage", "CA2255", Justification = "It must be done before any test can touch ONNX Runtime.")]
    internal static void Start()
    {
        if (!LibraryProcess.IsThis) Telemetry.Disable();
    }
}

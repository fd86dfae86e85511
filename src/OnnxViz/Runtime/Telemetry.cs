using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace OnnxViz.Runtime;

/// <summary>
/// Since 1.29 ONNX Runtime reports models and sessions to its maker over the network, on Linux and macOS too, and writes a device id
/// to the disk, unless this variable is set when it starts (microsoft/onnxruntime #27379). Nobody who looks at a network asked for that.
/// </summary>
internal static partial class Telemetry
{
    private const string OptOut = "ORT_DISABLE_TELEMETRY";

    [ModuleInitializer]
    [SuppressMessage("Usage", "CA2255", Justification = "It must be done before anything can touch ONNX Runtime, whatever that is.")]
    internal static void Disable()
    {
        Environment.SetEnvironmentVariable(OptOut, "1");
        // On Unix .NET keeps the variables for itself, where getenv does not see them.
        if (!OperatingSystem.IsWindows())
            _ = SetNativeVariable(OptOut, "1", 1);
    }

    [LibraryImport("libc", EntryPoint = "setenv", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int SetNativeVariable(string name, string value, int overwrite);
}

using System.Runtime.InteropServices;

namespace OnnxViz.Cli;

/// <summary>
/// Since 1.29 ONNX Runtime reports processes, models and sessions to its maker over the network and writes a device id to the
/// disk, unless this variable is set before it starts (microsoft/onnxruntime #27379). Its API can only stop what comes after the
/// first report. The variable holds for this process and those it starts, so a program sets it, and a library does not.
/// </summary>
internal static partial class Telemetry
{
    public const string OptOut = "ORT_DISABLE_TELEMETRY";

    public static void Disable()
    {
        Environment.SetEnvironmentVariable(OptOut, "1");
        // On Unix .NET keeps the variables for itself, where getenv does not see them.
        if (!OperatingSystem.IsWindows())
            _ = SetNativeVariable(OptOut, "1", 1);
    }

    [LibraryImport("libc", EntryPoint = "setenv", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int SetNativeVariable(string name, string value, int overwrite);
}

namespace OnnxViz.Cli;

/// <summary>
/// Since 1.29 ONNX Runtime reports processes, models and sessions to its maker over the network and writes a device id to the
/// disk, unless this variable is set before it starts (microsoft/onnxruntime #27379). Its API can only stop what comes after the
/// first report, so the program sets the variable; a library must not change the environment of its host.
/// </summary>
internal static class Telemetry
{
    public const string OptOut = "ORT_DISABLE_TELEMETRY";

    public static void Disable() => NativeVariables.Set(OptOut, "1");
}

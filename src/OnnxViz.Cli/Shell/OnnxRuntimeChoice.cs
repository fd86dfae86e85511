namespace OnnxViz.Cli.Shell;

/// <summary>--ort-library. A process has one ONNX Runtime; verbs that follow each other in it may ask for the same again.</summary>
internal static class OnnxRuntimeChoice
{
    private static string? _used;

    /// <exception cref="OnnxVizException">It does not load, or is no ONNX Runtime.</exception>
    public static void Use(string path)
    {
        if (_used == path) return;
        OrtLibrary.Use(path);
        _used = path;
    }
}

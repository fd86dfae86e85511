namespace OnnxViz;

/// <summary>The models, pictures and data that come with the program.</summary>
internal static class CarriedFiles
{
    /// <summary>The folder named by the environment variable ONNXVIZ_MODELS, or else onnx-models beside the program.</summary>
    public static string Folder =>
        Environment.GetEnvironmentVariable("ONNXVIZ_MODELS") is { Length: > 0 } given ? given : Path.Combine(AppContext.BaseDirectory, "onnx-models");
}

namespace OnnxViz;

/// <summary>The models, pictures and data that come with the program.</summary>
internal static class CarriedFiles
{
    /// <summary>The folder named by the environment variable ONNXVIZ_MODELS, or else onnx-models beside the program.</summary>
    public static string Folder => Given ?? Path.Combine(AppContext.BaseDirectory, "onnx-models");

    /// <summary>Where models go that are fetched: the folder named by ONNXVIZ_MODELS, or else the user's own, or without a home <see cref="Folder"/>.</summary>
    public static string Fetched => Given ?? UserFolder.Find(Environment.GetEnvironmentVariable, UserFolderKind.Models) ?? Folder;

    private static string? Given => Environment.GetEnvironmentVariable("ONNXVIZ_MODELS") is { Length: > 0 } given ? given : null;
}

namespace OnnxViz.Fuzz;

/// <summary>Where this is built.</summary>
internal static class Repository
{
    public static string Path { get; } = Find();

    private static string Find()
    {
        for (var folder = AppContext.BaseDirectory; folder is not null; folder = System.IO.Path.GetDirectoryName(folder))
            if (File.Exists(System.IO.Path.Combine(folder, "OnnxViz.sln"))) return folder;
        throw new InvalidOperationException("This runs in the repository only.");
    }
}

using Xunit;

namespace OnnxViz.Tests.Support;

/// <summary>Where the tests find files of the repository, whatever the working directory.</summary>
internal static class Repository
{
    /// <summary>The folder of OnnxViz.sln.</summary>
    public static string Root { get; } = FindRoot(AppContext.BaseDirectory);

    /// <summary>A file under tests/OnnxViz.Tests/Fixtures.</summary>
    public static string Fixture(string path) => Path.Combine(Root, "tests", "OnnxViz.Tests", "Fixtures", path);

    /// <summary>A file of onnx-models/, which every clone has.</summary>
    public static string Carried(string name) => Path.Combine(Root, "onnx-models", name);

    /// <summary>A file or folder of ../shared, which only the project's workplace has: the test is skipped elsewhere.</summary>
    public static string Shared(string path)
    {
        string found = Path.Combine(Root, "..", "shared", path);
        Skip.IfNot(Path.Exists(found), $"../shared/{path} is not on this machine.");
        return found;
    }

    private static string FindRoot(string start)
    {
        for (DirectoryInfo? folder = new(start); folder is not null; folder = folder.Parent)
        {
            if (File.Exists(Path.Combine(folder.FullName, "OnnxViz.sln")))
            {
                return folder.FullName;
            }
        }

        throw new DirectoryNotFoundException($"No OnnxViz.sln in or above {start}.");
    }
}

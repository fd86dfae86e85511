namespace OnnxViz.Tests.Support;

/// <summary>A folder of its own for one test, gone with it.</summary>
internal sealed class TemporaryFolder : IDisposable
{
    public string Path { get; } = Directory.CreateTempSubdirectory("onnxviz-test-").FullName;

    /// <summary>A path in it; folders are separated by <c>/</c>.</summary>
    public string this[string file] => System.IO.Path.Combine([Path, .. file.Split('/')]);

    /// <returns>The path of the file.</returns>
    public string Write(string file, byte[] bytes)
    {
        Directory.CreateDirectory(System.IO.Path.GetDirectoryName(this[file])!);
        File.WriteAllBytes(this[file], bytes);
        return this[file];
    }

    public void Dispose() => Directory.Delete(Path, recursive: true);
}

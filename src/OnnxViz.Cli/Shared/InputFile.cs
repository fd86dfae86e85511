using System.Security.Cryptography;

namespace OnnxViz.Cli.Shared;

/// <summary>A file that a result was made of.</summary>
/// <param name="Name">File name only: folders are left out of manifests for privacy.</param>
/// <param name="Sha256">Of its content.</param>
/// <param name="Location">Where it was read.</param>
internal sealed record InputFile(string Name, string Sha256, string Location)
{
    /// <exception cref="OnnxVizException">It cannot be read.</exception>
    public static InputFile Of(string path) => Of(path, Path.GetFileName(path));

    /// <inheritdoc cref="Of(string)"/>
    public static InputFile Of(string path, string name)
    {
        using var phase = Profiler.Phase("hash files");
        try
        {
            FileStatus.RequireFile(path);
            RunFiles.Reads(path);
            using var stream = File.OpenRead(path);
            return new InputFile(name, Convert.ToHexStringLower(SHA256.HashData(stream)), path);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw OnnxVizException.Input($"Cannot read '{path}': {e.Message}", e);
        }
    }
}

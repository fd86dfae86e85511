using System.Security.Cryptography;

namespace OnnxViz.Cli.Results;

/// <summary>A file that a result was made of, as its manifest tells: without the folder, which is nobody's business.</summary>
internal sealed record InputFile(string Name, string Sha256)
{
    /// <exception cref="OnnxVizException">It cannot be read.</exception>
    public static InputFile Of(string path) => Of(path, Path.GetFileName(path));

    /// <inheritdoc cref="Of(string)"/>
    public static InputFile Of(string path, string name)
    {
        try
        {
            using var stream = File.OpenRead(path);
            return new InputFile(name, Convert.ToHexStringLower(SHA256.HashData(stream)));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw OnnxVizException.Input($"Cannot read '{path}': {e.Message}", e);
        }
    }
}

using System.Security.Cryptography;
using System.Text;
using OnnxViz.Top;

namespace OnnxViz.Evolve;

/// <summary>Where findings are kept: a file for each checkpoint that is done, and how far the search in one that is not has come.</summary>
/// <param name="paths">The folder, which is made when there is something to keep; and others in which findings are looked for, too.</param>
internal sealed class FindingsFolder(params IReadOnlyList<string> paths)
{
    private const int KeyLetters = 12;

    public string Path => paths[0];

    /// <summary>What was found before; null for nothing.</summary>
    /// <exception cref="OnnxVizException">The file is damaged.</exception>
    public CheckpointFindings? Find(string checkpoint, EvolveKey key)
    {
        var name = System.IO.Path.GetFileName(FileOf(checkpoint, key, "json"));
        return paths.Select(p => System.IO.Path.Combine(p, name)).FirstOrDefault(File.Exists) is { } file && CheckpointFindings.Load(file) is var found && found.Key.Is(key) ? found : null;
    }

    /// <exception cref="OnnxVizException">It cannot be written.</exception>
    public void Keep(CheckpointFindings findings)
    {
        WholeFile.Write(FileOf(findings.Checkpoint, findings.Key, "json"), findings.ToJson());
        File.Delete(FileOf(findings.Checkpoint, findings.Key, "search.json"));
    }

    /// <summary>Where a search was interrupted, or its beginning.</summary>
    /// <exception cref="OnnxVizException">The file is damaged.</exception>
    public TopState SearchOf(string checkpoint, EvolveKey key)
    {
        var file = FileOf(checkpoint, key, "search.json");
        return File.Exists(file) && TopState.Load(file) is var state && state.Key.DifferenceTo(key.Search) is null ? state : TopState.New(key.Search);
    }

    /// <exception cref="OnnxVizException">It cannot be written.</exception>
    public void Keep(string checkpoint, EvolveKey key, TopState state) => WholeFile.Write(FileOf(checkpoint, key, "search.json"), state.ToJson());

    /// <summary>Findings with another key lie beside each other.</summary>
    private string FileOf(string checkpoint, EvolveKey key, string extension)
    {
        var text = string.Join('\n', key.Search.Model, key.Search.Conventions, key.Search.Layer, string.Join(',', key.Search.Units), key.Search.Top, key.Search.Files, key.Search.Fingerprint, key.Maximization, key.Test);
        var hash = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)))[..KeyLetters];
        return System.IO.Path.Combine(Path, $"{checkpoint}-{hash}.{extension}");
    }
}

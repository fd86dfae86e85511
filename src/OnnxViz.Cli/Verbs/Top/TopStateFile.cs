using OnnxViz.Top;

namespace OnnxViz.Cli.Verbs.Top;

/// <summary>
/// Where a search through a folder is kept while it runs, so that an interrupted one goes on. A file that was named
/// stays; one that was not lies beside the result and goes when that is there.
/// </summary>
internal sealed class TopStateFile(string? named, string beside)
{
    public string Path { get; } = named ?? beside;

    /// <summary>Whether it stays.</summary>
    public bool IsNamed => named is not null;

    /// <summary>What was found before, or the beginning.</summary>
    /// <param name="key">What is searched for.</param>
    /// <param name="output">Told what is gone on with.</param>
    /// <exception cref="OnnxVizException">The file is no state; the one that was named is of another search.</exception>
    public TopState Open(TopKey key, Output output)
    {
        if (!File.Exists(Path)) return TopState.New(key);
        var state = TopState.Load(Path);
        if (state.Key.DifferenceTo(key) is not { } difference)
        {
            output.Say($"Going on with {Path}: {state.Done} of {key.Files} pictures are done.");
            return state;
        }

        if (named is not null)
            throw OnnxVizException.Usage($"--state {Path} is of a search with {difference}: name another file, or delete this one to search anew.");
        output.Say($"{Path} is of a search with {difference}: searching anew.");
        return TopState.New(key);
    }

    public void Save(TopState state) => OutputFile.Write(Path, state.ToJson());

    /// <summary>The result is there: nothing is left to go on with.</summary>
    public void Finish()
    {
        if (named is null && File.Exists(Path)) File.Delete(Path);
    }
}

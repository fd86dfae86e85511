using System.Diagnostics;
using OnnxViz.Runs;

namespace OnnxViz.Training.Loop;

/// <summary>The checkpoints of a run: when the next one is due, and which old ones go.</summary>
internal sealed class CheckpointFiles(RunFolder folder, TrainingOptions options)
{
    private readonly Stopwatch _sinceLast = Stopwatch.StartNew();

    /// <summary>The path of that of the latest step; null where there is none.</summary>
    public string? Newest => folder.Checkpoints() is [.., var last] ? last.Path : null;

    /// <summary>Whether the last one was so long ago that it is time for another.</summary>
    public bool IsDue => _sinceLast.Elapsed.TotalMinutes >= options.CheckpointMinutes;

    /// <summary>What a failed run is told.</summary>
    public string Advice => Newest is { } newest ? $"The last good checkpoint is {newest}." : "There is no checkpoint yet.";

    /// <summary>Training begins now.</summary>
    public void Restart() => _sinceLast.Restart();

    /// <summary>A new one is there: those from within an epoch go, and of the others all but the newest.</summary>
    public void Kept(string path)
    {
        _sinceLast.Restart();
        var older = folder.Checkpoints().Where(c => c.Path != path).ToList();
        var most = options.KeepCheckpoints == 0 ? int.MaxValue : options.KeepCheckpoints;
        var newIsOfEpoch = folder.Checkpoints().First(c => c.Path == path).Epoch is not null;
        var kept = older.Where(c => c.Epoch is not null).Reverse().Take(newIsOfEpoch ? most - 1 : most).Select(c => c.Path).ToHashSet();
        foreach (var checkpoint in older.Where(c => !kept.Contains(c.Path))) TryDelete(checkpoint.Path);
    }

    private static void TryDelete(string path)
    {
        try
        {
            File.Delete(path);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // One more than was asked for does no harm.
        }
    }
}

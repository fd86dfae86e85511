using System.Globalization;
using OnnxViz.Imaging.Files;
using OnnxViz.Imaging.Sheets;
using OnnxViz.Maximize;

namespace OnnxViz.Cli.Verbs.Maximize;

/// <summary>--frames and --animate: intermediate pictures.</summary>
internal sealed class FrameFiles(MaximizeVerb verb, IReadOnlyList<Target> targets, GridOptions sheet)
{
    /// <summary>Frames of an animation, unless --frames-every says otherwise.</summary>
    private const int UsualFrames = 24;

    private const int Milliseconds = 80;

    /// <summary>For how long the result is shown.</summary>
    private const int LastMilliseconds = 1500;

    private readonly List<SortedDictionary<int, Image>> _seen = [.. targets.Select(_ => new SortedDictionary<int, Image>())];

    /// <summary>Steps from one frame to the next; 0 without --frames and --animate.</summary>
    /// <exception cref="OnnxVizException">Options that contradict each other.</exception>
    public static int Every(MaximizeVerb o, int steps)
    {
        if (o.FramesEvery is < 1) throw OnnxVizException.Usage($"--frames-every {o.FramesEvery}: at least one step is needed.");
        if (o.Frames is null && o.Animate is null)
            return o.FramesEvery is null ? 0 : throw OnnxVizException.Usage("--frames-every belongs to --frames DIR or --animate FILE.png.");
        if (o.Animate is { } file && !Path.GetExtension(file).Equals(".png", StringComparison.OrdinalIgnoreCase))
            throw OnnxVizException.Usage($"--animate {file}: an animated .png is written.");
        if (o.Animate is not null && o.Out is not null && Path.GetFullPath(o.Animate) == Path.GetFullPath(o.Out))
            throw OnnxVizException.Usage($"--animate and -o both name {o.Out}: one would be written over the other.");
        if (o.Frames is { } folder && File.Exists(folder)) throw OnnxVizException.Usage($"--frames {folder}: there is a file of that name; a folder is needed.");
        return o.FramesEvery ?? Math.Max(1, steps / UsualFrames);
    }

    /// <summary>Writes the frames of a step, and keeps them for the animation.</summary>
    public void Take(MaximizationProgress progress)
    {
        foreach (var (row, picture) in progress.Frames)
        {
            if (verb.Animate is not null) _seen[row][progress.Step] = picture;
            if (verb.Frames is null) continue;
            var name = $"{targets[row].Label}_{progress.Step.ToString("00000", CultureInfo.InvariantCulture)}";
            OutputFile.Write(Path.Combine(verb.Frames, Destination.FileName(name)), PngWriter.Encode(picture));
        }
    }

    /// <summary>Writes the animation: one picture, or a sheet of all that grow together.</summary>
    /// <returns>The file; null when there is none.</returns>
    public string? Animate()
    {
        if (verb.Animate is null || _seen.TrueForAll(s => s.Count == 0)) return null;
        // After an interruption some units have fewer frames: the last one is repeated.
        var rows = _seen.Select((frames, row) => (Label: targets[row].Label, Frames: frames.Values.ToList())).Where(r => r.Frames.Count > 0).ToList();
        List<Image> pictures = [.. Enumerable.Range(0, rows.Max(r => r.Frames.Count)).Select(i => rows is [var only]
            ? only.Frames[i]
            : Grid.Compose([.. rows.Select(r => new GridTile(r.Frames[Math.Min(i, r.Frames.Count - 1)], r.Label))], sheet))];
        OutputFile.Write(verb.Animate, ApngWriter.Encode(pictures, [.. Enumerable.Repeat(Milliseconds, pictures.Count - 1), LastMilliseconds]));
        return verb.Animate;
    }
}

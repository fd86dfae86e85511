using System.Text;
using System.Text.Json.Nodes;
using OnnxViz.Imaging.Files;
using OnnxViz.Runs;
using OnnxViz.Views;

namespace OnnxViz.Cli.Verbs.Evolve;

/// <summary>The files of the result: a sheet, an animation, curves, a page and the numbers, which have one stem.</summary>
internal sealed class EvolutionFiles
{
    private const int Milliseconds = 900, LastMilliseconds = 3000;

    private readonly Destination _destination;
    private readonly string _name;

    private static readonly string[] Extensions = [".png", ".animated.png", ".curves.png", ".curves.svg", ".html", ".json"];

    /// <param name="option">The value of -o.</param>
    /// <param name="run">Whose name files get that have none.</param>
    /// <param name="layer">Likewise.</param>
    public EvolutionFiles(string? option, RunFolder run, string layer)
    {
        _destination = new Destination(option);
        _name = option is null ? $"{Path.GetFileName(Path.GetFullPath(run.Path))}_{layer}_evolution" : "evolution";
    }

    /// <inheritdoc cref="Destination.Check"/>
    public void Check()
    {
        _destination.Check();
        foreach (var extension in Extensions) OutputFile.Probe(_destination.Companion(_name, extension));
    }

    /// <returns>The files.</returns>
    /// <exception cref="OperationCanceledException">The token asked for it.</exception>
    public IReadOnlyList<string> Write(EvolutionStory story, JsonObject manifest, CancellationToken token)
    {
        List<KeyValuePair<string, string>> text = [new(Manifest.Keyword, manifest.ToJsonString(JsonText.Compact))];
        var written = new List<string>();
        var sheet = new EvolutionSheet(story.Scene);
        Add(".png", () => PngWriter.Encode(sheet.Draw(), text));
        Add(".animated.png", () =>
        {
            var count = story.Checkpoints.Count;
            return ApngWriter.Encode(
                [.. Enumerable.Range(0, count).Select(sheet.Frame)], [.. Enumerable.Range(0, count).Select(i => i == count - 1 ? LastMilliseconds : Milliseconds)], text);
        });
        if (story.Checkpoints.Count > 1)
        {
            var panels = EvolutionCurves.Of(story);
            Add(".curves.png", () => PngWriter.Encode(Curves.Draw(panels), text));
            Add(".curves.svg", () => Encoding.UTF8.GetBytes(Curves.Svg(panels)));
        }

        Add(".html", () => Encoding.UTF8.GetBytes(new EvolutionPage(story).Page()));
        Add(".json", () => Encoding.UTF8.GetBytes(story.Facts().ToJsonString(JsonText.Indented)));
        return written;

        void Add(string extension, Func<byte[]> make)
        {
            token.ThrowIfCancellationRequested();
            var path = _destination.Companion(_name, extension);
            OutputFile.Write(path, make());
            written.Add(path);
        }
    }
}

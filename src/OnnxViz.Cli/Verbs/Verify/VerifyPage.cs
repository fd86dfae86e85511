using System.Text;
using OnnxViz.Cli.Results.Replays;
using OnnxViz.Imaging.Compare;

namespace OnnxViz.Cli.Verbs.Verify;

/// <summary>--html: before, after and difference of each picture, those that differ first.</summary>
internal static class VerifyPage
{
    private const string Css = """
        .three { display: grid; grid-template-columns: repeat(auto-fit, minmax(min(100%, 300px), 1fr)); gap: 18px; align-items: start; }
        .three img { image-rendering: auto; background: #fff; }
        .verdict { display: inline-block; padding: 2px 10px; border-radius: 99px; font-size: .85rem; color: #fff; background: #2e7d4f; }
        .different .verdict { background: #b3382c; }
        .unusable .verdict { background: #8a6d1a; }
        ul { margin: 8px 0 16px; padding-left: 20px; color: var(--soft); font-size: .9rem; overflow-wrap: anywhere; }
        h2 { overflow-wrap: anywhere; }
        """;

    /// <param name="path">A file.</param>
    /// <param name="folder">Where the pictures lie.</param>
    /// <param name="pictures">In the order of their names.</param>
    /// <param name="tolerance">See <see cref="ReplayedPicture.IsWithin"/>.</param>
    /// <param name="lead">What came of it all.</param>
    /// <exception cref="OnnxVizException">Not writable, or the disk is full.</exception>
    public static void Write(string path, string folder, IReadOnlyList<VerifiedPicture> pictures, double tolerance, string lead)
    {
        var body = new StringBuilder();
        foreach (var one in pictures.OrderBy(p => p.Verdict(tolerance) switch { "different" => 0, "unusable" => 1, _ => 2 })) body.AppendLine(Section(one, tolerance));
        HtmlPage.Write(path, $"Pictures of {Path.GetFileName(Path.TrimEndingDirectorySeparator(Path.GetFullPath(folder)))}", Css, lead, body.ToString());
    }

    private static string Section(VerifiedPicture one, double tolerance)
    {
        var verdict = one.Verdict(tolerance);
        var text = one.Found?.Text ?? one.Fault!;
        var changes = one.Found is { Changes.Count: > 0 } changed ? $"<ul>{string.Concat(changed.Changes.Select(c => $"<li>{HtmlPage.Text($"{c.What}: {c.Text}")}</li>"))}</ul>" : "";
        return $"<section class=\"{verdict}\"><h2>{HtmlPage.Text(one.Name)} <span class=\"verdict\">{verdict}</span></h2><p>{HtmlPage.Text(text)}</p>{changes}{Pictures(one.Found)}</section>";
    }

    private static string Pictures(ReplayedPicture? found)
    {
        if (found is null) return "";
        var difference = found.Distance is { Max: > 0 } ? HtmlPage.Figure(ImageComparison.Difference(found.Before, found.After), "difference, eight times as large") : "";
        return $"<div class=\"three\">{HtmlPage.Figure(found.Before, "before")}{HtmlPage.Figure(found.After, "now")}{difference}</div>";
    }
}

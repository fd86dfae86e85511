using System.Globalization;
using System.Text;

namespace OnnxViz.Cli.Verbs.Diff;

/// <summary>--html: layers, answers, units and explanations, before and now.</summary>
internal static class DiffPage
{
    private const string Css = """
        .pairs { display: grid; grid-template-columns: repeat(auto-fill, minmax(min(100%, 460px), 1fr)); gap: 18px; margin-bottom: 24px; }
        .card { padding: 16px; border: 1px solid var(--line); border-radius: 14px; background: var(--card); }
        .card > b { display: block; margin-bottom: 10px; overflow-wrap: anywhere; }
        .row { display: grid; grid-template-columns: repeat(auto-fit, minmax(110px, 1fr)); gap: 10px; }
        .row figure { padding: 0; border: 0; border-radius: 0; }
        .row figcaption { font-size: .8rem; margin-bottom: 4px; overflow-wrap: anywhere; }
        .row img { min-width: 0; }
        th, td { overflow-wrap: anywhere; }
        th:first-child { width: 46%; }
        .beyond th, .beyond td { color: #b3382c; font-weight: 600; }
        .beyond td i { background: #b3382c; }
        """;

    /// <param name="path">A file.</param>
    /// <param name="f">What was found.</param>
    /// <param name="tolerance">See <see cref="DiffFindings.Differences"/>.</param>
    /// <param name="lead">What came of it all.</param>
    /// <exception cref="OnnxVizException">Not writable, or the disk is full.</exception>
    public static void Write(string path, DiffFindings f, double tolerance, string lead)
    {
        var body = new StringBuilder();
        if (f.Answers.Count > 0) body.AppendLine(Section("Answers", "What each takes a picture for; other answers first.", Answers(f)));
        if (f.Classes.Count > 0) body.AppendLine(Section("Classes", "Those whose mean changed most over these pictures.", Classes(f)));
        if (f.Seen.Count > 0) body.AppendLine(Section("Units that changed most", "What each sees before and now, and the picture that it responds to most strongly.", $"<div class=\"pairs\">{string.Concat(f.Seen.Select(Unit))}</div>"));
        if (f.Maps.Any(m => m.Shown is not null)) body.AppendLine(Section("Explanations that moved", "What the same answer depends on, before and now; those that moved farthest.", $"<div class=\"pairs\">{string.Concat(f.Maps.Where(m => m.Shown is not null).Select(Map))}</div>"));
        body.AppendLine(Section("Layers", Number($"How far the activations of a layer are apart: |a - b| beside the larger of |a| and |b|. Up to {tolerance:0.###} counts as the same."), Layers(f, tolerance)));
        HtmlPage.Write(path, $"{Path.GetFileName(f.Before)} and {Path.GetFileName(f.After)}", Css, lead, body.ToString());
    }

    private static string Section(string title, string text, string body) => $"<section><h2>{HtmlPage.Text(title)}</h2><p>{HtmlPage.Text(text)}</p>{body}</section>";

    private static string Layers(DiffFindings f, double tolerance)
    {
        var most = Math.Max(1e-9, f.Layers.Max(l => l.Whole));
        return $"<table>{string.Concat(f.Layers.Select(l => Number($"<tr{(l.Whole > tolerance ? " class=\"beyond\"" : "")}><th>{HtmlPage.Text(l.Pair.Before.Name)}{(l.Pair.IsByName ? "" : $" ({HtmlPage.Text(l.Pair.After.Name)}, by order)")}</th><td><i style=\"width:{100 * l.Whole / most:0.##}%\"></i></td><td>{l.Whole:0.000}</td></tr>")))}</table>";
    }

    private static string Answers(DiffFindings f) => $"<table>{string.Concat(f.Answers.OrderByDescending(a => a.IsOther).Select(a => Number($"<tr{(a.IsOther ? " class=\"beyond\"" : "")}><th>{HtmlPage.Text(a.Picture)}</th><td>{HtmlPage.Text(a.Before.Name)} {a.Before.Number:0.###}</td><td style=\"width:auto\">{HtmlPage.Text(a.After.Name)} {a.After.Number:0.###}</td></tr>")))}</table>";

    private static string Classes(DiffFindings f) => $"<table>{string.Concat(f.Classes.Select(c => Number($"<tr><th>{HtmlPage.Text(c.Name)}</th><td>{c.Before:0.####} before, {c.After:0.####} now</td><td style=\"width:auto\">{c.After - c.Before:+0.####;-0.####}</td></tr>")))}</table>";

    private static string Unit(SeenUnit seen)
    {
        var maximized = seen.Maximized is var (before, after) ? HtmlPage.Figure(before, "sees before") + HtmlPage.Figure(after, "sees now") : "";
        return $"<div class=\"card\"><b>{HtmlPage.Text(Number($"{seen.Unit.Name}: change {seen.Unit.Change:0.000}"))}</b><div class=\"row\">{maximized}{HtmlPage.Figure(seen.Strongest.Before, "strongest before")}{HtmlPage.Figure(seen.Strongest.After, "strongest now")}</div></div>";
    }

    private static string Map(MovedMap map)
    {
        var (picture, before, after) = map.Shown!.Value;
        return $"<div class=\"card\"><b>{HtmlPage.Text(Number($"{map.Picture}, {map.Subject}: {100 * map.Move.Moved:0.#} % moved, its middle by {map.Move.Shift:0.#} pixels"))}</b><div class=\"row\">{HtmlPage.Figure(picture, map.Picture)}{HtmlPage.Figure(before, "before")}{HtmlPage.Figure(after, "now")}</div></div>";
    }

    private static string Number(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}

using System.Net;
using System.Text;
using System.Text.Json.Nodes;

namespace OnnxViz.Cli.Verbs.Demo;

/// <summary>One page that shows every result with the command that makes it; nothing on it comes from elsewhere.</summary>
/// <param name="sections">In their order.</param>
/// <param name="results">Of their steps, as far as they are done.</param>
/// <param name="folder">Where the page goes: it names what lies there, and below, from there.</param>
internal sealed class HtmlReport(IReadOnlyList<DemoSection> sections, IReadOnlyDictionary<DemoStep, DemoResult> results, string folder)
{
    public string Page()
    {
        var page = new StringBuilder();
        page.Append($"""
            <!doctype html>
            <html lang="en">
            <head>
            <meta charset="utf-8">
            <meta name="viewport" content="width=device-width, initial-scale=1">
            <title>OnnxViz: what a network sees</title>
            <style>
            {HtmlStyle.Css}
            </style>
            </head>
            <body>
            <header>
            <h1>What a network sees</h1>
            <p>Two networks with real ImageNet weights, and one that learns to see, looked into by OnnxViz {Text(Manual.Version)} on nothing but ONNX Runtime.
            Below each result stands the command that makes it. In a clone of the repository <code>onnxviz</code> is
            <code>dotnet run --project src/OnnxViz.Cli -c Release --</code>.</p>
            {(IsWhole ? "" : "<p><b>Not all of it is here yet.</b> The demo is at work, or was ended on its way: the same command goes on from there.</p>\n")}<nav>{string.Concat(sections.Select((s, i) => $"<a href=\"#s{i}\">{Text(s.Title)}</a>"))}</nav>
            </header>
            <main>

            """);
        for (var i = 0; i < sections.Count; i++) Section(page, sections[i], i);
        page.Append("</main>\n</body>\n</html>\n");
        return page.ToString();
    }

    private bool IsWhole => sections.All(s => s.Steps.All(results.ContainsKey));

    private void Section(StringBuilder page, DemoSection section, int number)
    {
        page.Append($"<section id=\"s{number}\">\n<h2>{Text(section.Title)}</h2>\n<p>{Text(section.Text)}</p>\n<div class=\"results\">\n");
        foreach (var step in section.Steps)
        {
            if (results.TryGetValue(step, out var result)) Result(page, result);
            else page.Append($"<figure>\n<figcaption><b>{Text(step.Title)}</b> is not made yet.</figcaption>\n<pre><code>{Text(Manual.CommandOf(step.Verb))}</code></pre>\n</figure>\n");
        }

        page.Append("</div>\n</section>\n");
    }

    private void Result(StringBuilder page, DemoResult result)
    {
        page.Append($"<figure{(result.Step.IsWide ? " class=\"wide\"" : "")}>\n<figcaption><b>{Text(result.Step.Title)}</b> {Text(result.Step.Caption)}</figcaption>\n");
        if (result.Answer["pictures"] is JsonArray pictures) Predictions(page, pictures);
        foreach (var file in result.Answer["files"]?.AsArray() ?? [])
        {
            var name = Text(Path.GetRelativePath(folder, file!.GetValue<string>()).Replace('\\', '/'));
            var what = Text($"{result.Step.Title}: {result.Step.Caption}");
            if (name.EndsWith(".html", StringComparison.Ordinal)) page.Append($"<p><a href=\"{name}\">Through the steps with a slider</a></p>\n");
            else if (name.EndsWith(".png", StringComparison.Ordinal) && !name.EndsWith(".animated.png", StringComparison.Ordinal))
                page.Append($"<a href=\"{name}\"><img src=\"{name}\" alt=\"{what}\" loading=\"lazy\"></a>\n");
        }

        page.Append($"<pre><code>{Text(result.Command)}</code></pre>\n</figure>\n");
    }

    private static void Predictions(StringBuilder page, JsonArray pictures)
    {
        foreach (var picture in pictures)
        {
            var name = Text(picture!["picture"]!.GetValue<string>());
            page.Append($"<div class=\"answer\"><img src=\"photographs/{name}\" alt=\"{name}\" loading=\"lazy\">\n<table>\n");
            foreach (var one in picture["classes"]!.AsArray())
            {
                var percent = 100 * one!["probability"]!.GetValue<float>();
                page.Append($"<tr><th>{Text(one["name"]!.GetValue<string>())}</th>");
                page.Append($"<td><i style=\"width:{percent:0.0}%\"></i></td><td>{percent:0.0} %</td></tr>\n");
            }

            page.Append("</table></div>\n");
        }
    }

    private static string Text(string text) => WebUtility.HtmlEncode(PlainText.Of(text));
}

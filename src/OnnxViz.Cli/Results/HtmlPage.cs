using System.Net;
using System.Text;
using OnnxViz.Imaging.Files;

namespace OnnxViz.Cli.Results;

/// <summary>A page that needs nothing beside it: its style and its pictures are in it, and it runs nothing.</summary>
internal static class HtmlPage
{
    /// <param name="path">A file.</param>
    /// <param name="title">Its title and headline.</param>
    /// <param name="css">Beside <see cref="HtmlStyle.Css"/>.</param>
    /// <param name="lead">Below the headline.</param>
    /// <param name="body">As HTML.</param>
    /// <exception cref="OnnxVizException">Not writable, or the disk is full.</exception>
    public static void Write(string path, string title, string css, string lead, string body) => OutputFile.Write(path, Encoding.UTF8.GetBytes($"""
        <!doctype html>
        <html lang="en">
        <head>
        <meta charset="utf-8">
        <meta name="viewport" content="width=device-width, initial-scale=1">
        <meta http-equiv="Content-Security-Policy" content="default-src 'none'; img-src data:; style-src 'unsafe-inline'">
        <title>{Text(title)}</title>
        <style>
        {HtmlStyle.Css}
        {css}
        </style>
        </head>
        <body>
        <header><h1>{Text(title)}</h1><p>{Text(lead)}</p></header>
        <main>
        {body}
        </main>
        </body>
        </html>

        """));

    /// <summary>Text as HTML shows it, whatever is in it.</summary>
    public static string Text(string text) => WebUtility.HtmlEncode(PlainText.Of(text));

    /// <summary>A picture with what is written above it.</summary>
    public static string Figure(Image picture, string caption) =>
        $"<figure><figcaption>{Text(caption)}</figcaption><img alt=\"{Text(caption)}\" width=\"{picture.Width}\" height=\"{picture.Height}\" src=\"data:image/png;base64,{Convert.ToBase64String(PngWriter.Encode(picture))}\"></figure>";
}

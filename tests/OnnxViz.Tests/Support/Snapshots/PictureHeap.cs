using OnnxViz.Imaging;
using OnnxViz.Imaging.Files;

namespace OnnxViz.Tests.Support.Snapshots;

/// <summary>A folder with pictures of several sizes in several folders, and one that is broken.</summary>
internal static class PictureHeap
{
    public const string Broken = "a/broken.png";

    /// <param name="folder">Receives heap/.</param>
    /// <param name="count">Of readable pictures.</param>
    /// <returns>The folder.</returns>
    public static string Make(TemporaryFolder folder, int count)
    {
        var random = new Random(5);
        for (var i = 0; i < count; i++)
        {
            var picture = new Image(10 + random.Next(20), 10 + random.Next(20));
            random.NextBytes(picture.Pixels);
            folder.Write($"heap/{(i % 3 == 0 ? "a/" : i % 3 == 1 ? "b/c/" : "")}{i:00}.png", PngWriter.Encode(picture));
        }

        folder.Write($"heap/{Broken}", File.ReadAllBytes(folder["heap/a/00.png"])[..60]);
        folder.Write("heap/notes.txt", "no picture, and not called one"u8.ToArray());
        return folder["heap"];
    }
}

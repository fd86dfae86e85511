namespace OnnxViz.Imaging;

/// <summary>The one sentence for every PNG file that cannot be read.</summary>
internal static class PngError
{
    public static OnnxVizException Damaged(string name, string what, Exception? inner = null) =>
        OnnxVizException.Input($"Cannot read PNG '{name}': {what}. Is the file whole?", inner);
}

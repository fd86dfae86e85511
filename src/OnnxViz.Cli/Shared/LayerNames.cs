namespace OnnxViz.Cli.Shared;

/// <summary>--layer of verbs that take several: words, or one word with commas.</summary>
internal static class LayerNames
{
    /// <summary>The names in the order given; a layer that has a comma in its name is one.</summary>
    /// <exception cref="OnnxVizException">There is none.</exception>
    public static IReadOnlyList<string> Of(IEnumerable<string> texts, VisionModel model)
    {
        string[] names = [.. texts.SelectMany(text => model.Layers.Has(text) ? [text] : text.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries))];
        return names.Length > 0 ? names : throw OnnxVizException.Usage("--layer is needed: `onnxviz summary` lists the layers.");
    }
}

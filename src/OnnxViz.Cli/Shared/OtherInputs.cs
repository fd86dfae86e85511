using System.Globalization;
using OnnxViz.Onnx;

namespace OnnxViz.Cli.Shared;

/// <summary>--input NAME=FILE.npy: what a model is fed beside the picture.</summary>
internal static class OtherInputs
{
    /// <exception cref="OnnxVizException">No name, twice the same, or a file that cannot be read.</exception>
    public static IReadOnlyDictionary<string, Tensor> Of(IEnumerable<string> texts)
    {
        var given = new Dictionary<string, Tensor>();
        foreach (var text in texts)
        {
            // A name may have a sign of equality, a file seldom has.
            var at = text.LastIndexOf('=');
            if (at < 1 || at == text.Length - 1) throw OnnxVizException.Usage($"--input {text}: NAME=FILE.npy is needed, the input's name and what it is fed.");
            var (name, file) = (text[..at], text[(at + 1)..]);
            if (!given.TryAdd(name, NpyFile.Load(file))) throw OnnxVizException.Usage($"--input {name} is given twice.");
        }

        return given;
    }

    /// <summary>Name and file, as manifests tell them: folders are left out for privacy.</summary>
    public static string WithoutFolder(string text) => text.LastIndexOf('=') is > 0 and var at ? $"{text[..at]}={Path.GetFileName(text[(at + 1)..])}" : text;

    /// <summary>Says what inputs are taken to hold that nobody gave.</summary>
    public static void Tell(VisionModel model, Output output)
    {
        string[] usual = [.. model.UsualInputs.Select(u => $"{u.Input.Name} as {string.Join(',', u.Tensor.ToDoubles().Select(n => n.ToString(CultureInfo.InvariantCulture)))}")];
        if (usual.Length > 0) output.Note($"{model.Name}: {string.Join(", ", usual)}, as is usual (--input NAME=FILE.npy says otherwise).");
    }

    /// <exception cref="OnnxVizException">There is another number of rows than of pictures.</exception>
    public static void CheckRows(VisionModel model, int pictures)
    {
        if (model.GivenRows > 1 && model.GivenRows != pictures)
            throw OnnxVizException.Usage($"--input: {model.GivenRows} rows were given for {pictures} pictures: one for each is needed, or one for all.");
    }
}

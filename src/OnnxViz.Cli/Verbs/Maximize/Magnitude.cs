using OnnxViz.Graphs.Emit;
using OnnxViz.Imaging.Files;
using OnnxViz.Onnx;
using OnnxViz.Optimize.Parameterizations;

namespace OnnxViz.Cli.Verbs.Maximize;

/// <summary>--magnitude: a folder of pictures, or a .npy.</summary>
internal static class Magnitude
{
    /// <summary>The files that it stands for.</summary>
    /// <exception cref="OnnxVizException">Neither file nor folder, or a folder without pictures.</exception>
    public static IReadOnlyList<string> Files(string path)
    {
        if (!Directory.Exists(path)) return [path];
        string[] pictures = [.. Directory.EnumerateFiles(path).Where(ImageFile.HasPictureExtension).Order(StringComparer.Ordinal)];
        return pictures.Length > 0 ? pictures : throw OnnxVizException.Input($"--magnitude '{path}': no picture ({ImageFile.Formats}) in this folder.");
    }

    /// <exception cref="OnnxVizException">Not readable, or of another shape.</exception>
    public static MagnitudeSpectrum Load(string path) => Path.GetExtension(path).Equals(".npy", StringComparison.OrdinalIgnoreCase)
        ? MagnitudeSpectrum.Of(NpyFile.Load(path))
        : MagnitudeSpectrum.Of(Files(path).Select(ImageFile.Load));
}

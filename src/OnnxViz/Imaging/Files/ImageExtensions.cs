using OnnxViz.Imaging.Files;

namespace OnnxViz;

/// <summary>Pictures to files.</summary>
public static class ImageExtensions
{
    /// <summary>Writes an 8-bit RGB PNG, whole or not at all; folders on the way are made, a file that is there is replaced.</summary>
    /// <param name="image">The picture.</param>
    /// <param name="path">Where to.</param>
    /// <exception cref="OnnxVizException">Not writable, or the disk is full.</exception>
    public static void Save(this Image image, string path) => WholeFile.Write(path, PngWriter.Encode(image));
}

using OnnxViz.Imaging.Files;

namespace OnnxViz.Models;

/// <summary>A picture to show to a network: a file's path or an <see cref="Image"/>, either of which can be given in its place.</summary>
public readonly struct PictureSource
{
    private readonly string? _path;
    private readonly Image? _image;

    private PictureSource(string? path, Image? image) => (_path, _image) = (path, image);

    /// <param name="path">A PNG, JPEG, WebP, BMP or GIF file; it is read when the network is run.</param>
    public static implicit operator PictureSource(string path) => new(path, null);

    /// <param name="image">A picture of any size.</param>
    public static implicit operator PictureSource(Image image) => new(null, image);

    /// <summary>The picture at the size that the model sees.</summary>
    /// <exception cref="OnnxVizException">The file is missing or no picture.</exception>
    internal Image Framed(VisionModel model) => model.Conventions.Frame(_image ?? ImageFile.Load(_path ?? ""));

    /// <summary>The model's input for this one picture: [1, C, H, W], or [1, H, W, C] where the model has channels last.</summary>
    /// <exception cref="OnnxVizException">The file is missing or no picture.</exception>
    internal Tensor Input(VisionModel model) => model.ToTensor([Framed(model)]);
}

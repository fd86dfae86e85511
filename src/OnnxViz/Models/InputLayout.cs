namespace OnnxViz.Models;

/// <summary>Index of (channel, y, x) in one row of a model's input, [C, H, W] or [H, W, C].</summary>
public readonly record struct InputLayout(int Channels, int Height, int Width, bool ChannelsLast)
{
    /// <param name="model">The network.</param>
    /// <param name="dims">Dimensions of its input, [N, C, H, W] or [N, H, W, C].</param>
    public static InputLayout Of(VisionModel model, long[] dims) => model.Conventions.ChannelsLast
        ? new((int)dims[3], (int)dims[1], (int)dims[2], true)
        : new((int)dims[1], (int)dims[2], (int)dims[3], false);

    /// <summary>Pixels of one channel.</summary>
    public int Pixels => Height * Width;

    /// <summary>Numbers in a row.</summary>
    public int Size => Channels * Pixels;

    /// <summary>Index in the row; pixels count along the lines.</summary>
    public int At(int channel, int pixel) => ChannelsLast ? (pixel * Channels) + channel : (channel * Pixels) + pixel;

    /// <summary>The pixel that an index in the row belongs to.</summary>
    public int PixelAt(int index) => ChannelsLast ? index / Channels : index % Pixels;
}

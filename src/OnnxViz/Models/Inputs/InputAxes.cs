namespace OnnxViz.Models.Inputs;

/// <summary>
/// Order of the axes of a model's input, a letter for each: n rows of the batch, c channels, d slices of a volume or frames of a clip,
/// h lines, w columns, t samples of a signal.
/// </summary>
public enum InputAxes
{
    /// <summary>[N, C, H, W]: pictures as PyTorch has them.</summary>
    Nchw,

    /// <summary>[N, H, W, C]: pictures as TensorFlow has them.</summary>
    Nhwc,

    /// <summary>[N, H, W]: pictures of one channel without an axis for it.</summary>
    Nhw,

    /// <summary>[N, C, D, H, W]: volumes, or clips of D frames.</summary>
    Ncdhw,

    /// <summary>[N, D, H, W, C]: the same with the channels last.</summary>
    Ndhwc,

    /// <summary>[N, D, C, H, W]: clips, frame by frame.</summary>
    Ndchw,

    /// <summary>[N, C, T]: signals.</summary>
    Nct,

    /// <summary>[N, T, C]: the same with the channels last.</summary>
    Ntc,

    /// <summary>[N, T]: signals of one channel without an axis for it, and whatever else is a row of numbers.</summary>
    Nt,
}

/// <summary>What follows from the letters.</summary>
internal static class AxisLetters
{
    /// <summary>Such as "nchw": axis i of the tensor is the letter i.</summary>
    public static string Letters(this InputAxes axes) => axes switch
    {
        InputAxes.Nchw => "nchw",
        InputAxes.Nhwc => "nhwc",
        InputAxes.Nhw => "nhw",
        InputAxes.Ncdhw => "ncdhw",
        InputAxes.Ndhwc => "ndhwc",
        InputAxes.Ndchw => "ndchw",
        InputAxes.Nct => "nct",
        InputAxes.Ntc => "ntc",
        _ => "nt",
    };

    /// <summary>The order with these letters; null where it is none that is known.</summary>
    public static InputAxes? Of(string letters)
    {
        foreach (var axes in Enum.GetValues<InputAxes>())
            if (axes.Letters() == letters) return axes;
        return null;
    }

    public static bool IsSignal(this InputAxes axes) => axes is InputAxes.Nct or InputAxes.Ntc or InputAxes.Nt;

    public static bool IsVolume(this InputAxes axes) => axes is InputAxes.Ncdhw or InputAxes.Ndhwc or InputAxes.Ndchw;

    public static bool IsPicture(this InputAxes axes) => !axes.IsSignal() && !axes.IsVolume();

    public static bool HasChannels(this InputAxes axes) => axes.Letters().Contains('c', StringComparison.Ordinal);

    /// <summary>Whether the channels are the last axis.</summary>
    public static bool HasChannelsLast(this InputAxes axes) => axes.Letters()[^1] == 'c';

    /// <summary>The axes in ONNX's words.</summary>
    public static string[] Words(this InputAxes axes) =>
        [.. axes.Letters().Select(letter => letter switch { 'n' => AxisWords.Batch, 'c' => AxisWords.Channel, 't' => AxisWords.Time, _ => AxisWords.Feature })];

    /// <summary>A tensor's length along an axis; 1 where it has none of that letter.</summary>
    public static long Length(this InputAxes axes, long[] dims, char letter) => axes.Letters().IndexOf(letter, StringComparison.Ordinal) is var at and >= 0 ? dims[at] : 1;

    /// <summary>Dimensions of a tensor whose axes have these lengths; a signal's samples are its width.</summary>
    public static long[] Dims(this InputAxes axes, long batch, long channels, long depth, long height, long width) =>
        [.. axes.Letters().Select(letter => letter switch { 'n' => batch, 'c' => channels, 'd' => depth, 'h' => height, _ => width })];
}

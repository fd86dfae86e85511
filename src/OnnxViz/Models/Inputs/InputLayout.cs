namespace OnnxViz.Models.Inputs;

/// <summary>
/// One row of a model's input, whatever its axes: channels at positions, which are slices of lines of columns. What an input has no
/// axis for has the length 1; the samples of a signal are the columns of one line.
/// </summary>
/// <param name="Axes">The order in which the row lies.</param>
/// <param name="Channels">At every position.</param>
/// <param name="Depth">Slices of a volume, or frames of a clip.</param>
/// <param name="Height">Lines.</param>
/// <param name="Width">Columns, or samples.</param>
public readonly record struct InputLayout(InputAxes Axes, int Channels, int Depth, int Height, int Width)
{
    /// <param name="axes">Order of the axes.</param>
    /// <param name="dims">Dimensions of the tensor, the batch among them.</param>
    public static InputLayout Of(InputAxes axes, long[] dims)
    {
        ArgumentNullException.ThrowIfNull(dims);
        return new(
            axes, (int)axes.Length(dims, 'c'), (int)axes.Length(dims, 'd'), (int)axes.Length(dims, 'h'), (int)(axes.IsSignal() ? axes.Length(dims, 't') : axes.Length(dims, 'w')));
    }

    /// <summary>Positions: slice by slice, in each line by line.</summary>
    public int Pixels => Depth * Height * Width;

    /// <summary>Numbers in a row.</summary>
    public int Size => Channels * Pixels;

    /// <summary>Planes of lines and columns: channel by channel, in each slice by slice.</summary>
    internal int Planes => Channels * Depth;

    /// <summary>Slices, lines and columns.</summary>
    internal (int Depth, int Height, int Width) Grid => (Depth, Height, Width);

    /// <summary>Positions that lie together before the next channel comes.</summary>
    private int Inner => Axes.HasChannelsLast() ? 1 : Axes == InputAxes.Ndchw ? Height * Width : Pixels;

    /// <summary>Index in the row of a channel at a position.</summary>
    public int At(int channel, int pixel)
    {
        var (outer, inner) = Math.DivRem(pixel, Inner);
        return (((outer * Channels) + channel) * Inner) + inner;
    }

    /// <summary>The position that an index in the row belongs to.</summary>
    public int PixelAt(int index)
    {
        var (group, inner) = Math.DivRem(index, Inner);
        return (group / Channels * Inner) + inner;
    }

    /// <summary>The channel that an index in the row belongs to.</summary>
    public int ChannelAt(int index) => index / Inner % Channels;

    /// <summary>Slices, lines and columns of a layer's map, [N, C, ...], of this input.</summary>
    internal (int Depth, int Height, int Width) GridOf(long[] mapDims)
    {
        int[] positions = [.. mapDims[2..].Select(d => (int)d)];
        if (Axes.IsSignal()) return (1, 1, positions.Aggregate(1, (product, d) => product * d));
        return positions switch
        {
            [] => (1, 1, 1),
            [var w] => (1, 1, w),
            [var h, var w] => (1, h, w),
            [.. var before, var h, var w] => (before.Aggregate(1, (product, d) => product * d), h, w),
        };
    }

    /// <summary>Whether a layer of this rank, [N, C, ...], has positions as the input has; a signal may go through convolutions of pictures.</summary>
    internal bool IsMapRank(int rank) => Axes.IsSignal() ? rank is 3 or 4 : rank == (Axes.IsVolume() ? 5 : 4);
}

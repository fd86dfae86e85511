using OnnxViz.Graphs.Inference;

namespace OnnxViz.Autodiff.Rules.Sliding;

/// <summary>
/// The windows of a convolution or pool, and the way back from them: what is spread over the windows is added up where
/// they overlap. Sizes are values, because those of the picture may be open.
/// </summary>
internal sealed class Windows
{
    private readonly GradientContext _g;
    private readonly Window[] _axes;

    public Windows(GradientContext g, long[] kernel)
    {
        (_g, _axes) = (g, Window.Of(g.Node, g.X().Dims!, kernel));
        (Input, Output) = (g.SpatialSizes(g.X()), g.SpatialSizes(g.Y()));
        Covered = g.Add(g.Mul(g.Sub(Output, g.Longs(1)), g.Longs(Strides)), g.Longs(Extents));
        Begin = BeginOf();
    }

    public int Rank => _axes.Length;

    public long[] Kernel => Array.ConvertAll(_axes, a => a.Kernel);

    public long[] Strides => Array.ConvertAll(_axes, a => a.Stride);

    public long[] Dilations => Array.ConvertAll(_axes, a => a.Dilation);

    /// <summary>Positions from the first to the last tap of one window.</summary>
    public long[] Extents => Array.ConvertAll(_axes, a => a.Extent);

    /// <summary>Number of taps of one window.</summary>
    public int Taps => Window.Taps(_axes);

    /// <summary>How the windows move along each axis.</summary>
    public Window[] Moves => _axes;

    /// <summary>Axes of the window in [N, C, spatial].</summary>
    public long[] Axes => Shapes.Axes(2, Rank);

    /// <summary>Sizes of the input, [rank].</summary>
    public Value Input { get; }

    /// <summary>Numbers of windows, [rank].</summary>
    public Value Output { get; }

    /// <summary>How many positions all windows of an axis cover together, padding included, [rank].</summary>
    public Value Covered { get; }

    /// <summary>Padding before the first element, [rank].</summary>
    public Value Begin { get; }

    /// <summary>Padding behind the last element as the node asks for it; with ceil_mode windows may reach beyond.</summary>
    public Value DeclaredEnd => IsSame ? End : _g.Longs(Array.ConvertAll(_axes, a => a.End));

    /// <summary>Padding behind the last element that the windows really reach; negative where they stop short of the end.</summary>
    public Value End => _g.Sub(_g.Sub(Covered, Input), Begin);

    /// <summary>Whether the windows stand side by side and fill the input exactly, as far as that is known.</summary>
    public bool Tile => Array.TrueForAll(_axes, a => a.Stride == a.Kernel && a.Dilation == 1 && a.Begin == 0)
        && Covered.Constant is { } covered && covered.ToLongs().SequenceEqual(Input.Constant!.ToLongs());

    /// <summary>Whether no window reaches beyond the padding that was asked for.</summary>
    public bool StaysInside => _g.Node.Int("ceil_mode", 0) == 0;

    /// <summary>Whether any padding was asked for.</summary>
    public bool IsPadded => IsSame || Array.Exists(_axes, a => a.Begin != 0 || a.End != 0);

    private bool IsSame => Window.IsSame(_g.Node.Text("auto_pad", ""));

    /// <summary>Begins and ends as Pad takes them for [N, C, spatial].</summary>
    public Value Pads() => _g.Join(_g.Longs(0, 0), Begin, _g.Longs(0, 0), End);

    /// <summary>
    /// The adjoint of a convolution over the windows: [N, M, windows] to [N, C, input].
    /// Positions that no window covers are zero.
    /// </summary>
    public Value Spread(Value value, Value weight, long group)
    {
        var shared = new (string, object)[]
        {
            ("kernel_shape", Kernel), ("strides", Strides), ("dilations", Dilations), ("group", group),
        };
        if (SymmetricPads() is var (pads, missing))
            return _g.Emit("ConvTranspose", [value, weight], [.. shared, ("pads", pads), ("output_padding", missing)]);

        // Less than a stride may be missing behind the last window. Different pads at both ends would leave CUDA.
        var rest = Array.ConvertAll(Strides, s => s - 1);
        var all = _g.Emit("ConvTranspose", [value, weight], [.. shared, ("output_padding", rest)]);
        return _g.Slice(all, Begin, _g.Add(Begin, Input), Axes);
    }

    /// <summary>The adjoint of summing over the windows of every channel.</summary>
    public Value Spread(Value value)
    {
        var channels = _g.Channels;
        var ones = new float[channels * Taps];
        Array.Fill(ones, 1);
        return Spread(value, _g.Builder.Constant(Tensor.Of(ones, [channels, 1, .. Kernel])), channels);
    }

    /// <summary>Equal padding at both ends, where the sizes are known and the end can be made up for by output_padding.</summary>
    private (long[] Pads, long[] Missing)? SymmetricPads()
    {
        if (Begin.Constant is not { } known || End.Constant is not { } end) return null;
        var begin = known.ToLongs();
        long[] missing = [.. begin.Zip(end.ToLongs(), (b, e) => b - e)];
        return _axes.Zip(missing).All(p => p.Second >= 0 && p.Second < p.First.Stride)
            ? ([.. begin, .. begin], missing)
            : null;
    }

    private Value BeginOf()
    {
        if (!IsSame || Array.TrueForAll(_axes, a => a.Input >= 0 || a.Stride == 1)) return _g.Longs(Array.ConvertAll(_axes, a => a.Begin));
        var total = _g.Max(_g.Sub(Covered, Input), _g.Longs(0));
        var half = _g.Div(total, _g.Longs(2));
        return _g.Node.Text("auto_pad", "") == "SAME_UPPER" ? half : _g.Sub(total, half);
    }
}

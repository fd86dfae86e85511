using OnnxViz.Graphs.Inference;

namespace OnnxViz.Rewriting;

/// <summary>
/// A transposed convolution by other operators. With stride s its output is as many interleaved grids as a stride has elements
/// (Shi et al. 2016, sub-pixel convolution): each is an ordinary convolution of the input with every s-th tap of the kernel, so that
/// one convolution with s times the channels along each axis and one interleaving give all of them. No tap meets an inserted zero.
/// </summary>
internal sealed class TransposedConvolution : IEmitter
{
    private readonly Node _node;
    private readonly Value _x;
    private readonly Value _weight;
    private readonly Value? _bias;
    private readonly Window[] _axes;
    private readonly long[] _extra;
    private readonly long _group;

    public TransposedConvolution(GraphBuilder builder, Node node, Value?[] inputs)
    {
        (Builder, _node, _x, _weight, _bias) = (builder, node, inputs[0]!, inputs[1]!, inputs.Length > 2 ? inputs[2] : null);
        _axes = Window.OfTransposed(node, _x.Dims!, _weight.Dims![2..]);
        _group = node.Int("group", 1);
        var extra = node.Ints("output_padding");
        // What output_shape asks for beyond the windows is room behind them, as output_padding is.
        _extra = [.. _axes.Select((w, i) => w.Input >= 0 && w.Output >= 0
            ? w.Output + w.Begin + w.End - ((w.Input - 1) * w.Stride) - w.Extent
            : extra?[i] ?? 0)];
    }

    public GraphBuilder Builder { get; }

    private int Rank => _axes.Length;

    private long[] Strides => Array.ConvertAll(_axes, w => w.Stride);

    /// <summary>Channels of the output.</summary>
    private long Channels => _weight.Dims![1] * _group;

    public Value Emit() => _group == 1 ? Cropped() : Repeated() ?? Summed() ?? Interleaved();

    /// <summary>Without padding, and what that takes away cut off afterwards.</summary>
    private Value Cropped()
    {
        var attributes = _node.AttributesWithout("pads", "auto_pad", "output_shape", "output_padding");
        long[] room = [.. _extra.Select(e => Math.Max(0, e))];
        if (room.Any(e => e > 0)) attributes["output_padding"] = room;
        var all = Builder.Node("ConvTranspose", [_x, _weight, .. _bias is null ? Array.Empty<Value>() : [_bias]], attributes)[0];
        return this.Pad(all, [0, 0, .. _axes.Select(w => -w.Begin), 0, 0, .. _axes.Select((w, i) => _extra[i] - room[i] - w.End)]);
    }

    /// <summary>Windows side by side, all of whose taps weigh the same: each number as often as its window is large.</summary>
    private Value? Repeated()
    {
        if (Weight() is not { } number || Array.Exists(_axes, w => w.Stride != w.Kernel || w.Dilation != 1 || w.Begin != 0)) return null;
        var x = number == 1 ? _x : this.Mul(_x, number);
        int[] axes = [.. Enumerable.Range(2, Rank)];
        var apart = this.Unsqueeze(x, [.. axes.Select(i => (2L * i) - 1)]);
        var wide = this.Expand(apart, [1, 1, .. Strides.SelectMany(s => new[] { 1, s })]);
        var whole = this.Reshape(wide, this.Join([this.SizesOf(x, 0, 1), this.Mul(this.SizesOf(x, axes), this.Longs(Strides))]));
        return this.Pad(whole, [.. new long[2 + Rank], 0, 0, .. _axes.Select((w, i) => _extra[i] - w.End)]);
    }

    /// <summary>Windows that move by one, all of whose taps weigh the same: a pool of their own size.</summary>
    private Value? Summed()
    {
        if (Weight() is not { } number || Array.Exists(_axes, w => w.Stride != 1 || w.Dilation != 1)) return null;
        long[] pads = [.. _axes.Select(w => w.Kernel - 1 - w.Begin), .. _axes.Select((w, i) => w.Kernel - 1 - w.End + _extra[i])];
        if (pads.Zip([.. _axes, .. _axes]).Any(p => p.First < 0 || p.First >= p.Second.Kernel)) return null;
        var mean = this.Emit("AveragePool", [_x], ("kernel_shape", Array.ConvertAll(_axes, w => w.Kernel)), ("pads", pads), ("count_include_pad", 1L));
        return this.Mul(mean, number * Window.Taps(_axes));
    }

    private Value Interleaved()
    {
        var phases = Array.ConvertAll(_axes, Phases.Of);
        long[] before = [.. phases.Select(p => p.Last)];
        // How many positions of a grid there are beyond those of the input.
        long[] more = [.. _axes.Select((w, i) => CeilDiv(w.Extent + _extra[i] - w.Begin - w.End, w.Stride) - 1)];
        long[] after = [.. phases.Select((p, i) => more[i] - p.First)];
        var (x, pads) = (_x, (long[])[.. before, .. after]);
        if (pads.Any(p => p < 0)) (x, pads) = (this.Pad(_x, [0, 0, .. before, 0, 0, .. after]), new long[2 * Rank]);
        var weight = Weights(phases);
        var grids = this.Emit(
            "Conv", [x, weight, .. _bias is null ? Array.Empty<Value>() : [Biases()]],
            ("kernel_shape", Array.ConvertAll(phases, p => p.Taps)), ("pads", pads), ("group", _group));
        // A grid is as long as the longest; of the others the last element lies behind the end.
        long[] surplus = [.. _axes.Select((w, i) => w.Extent + _extra[i] - w.Begin - w.End - ((more[i] + 1) * w.Stride))];
        return this.Pad(Interleaved(grids), [.. new long[2 + Rank], 0, 0, .. surplus]);
    }

    /// <summary>[N, C strides.., grid..] to [N, C, grid strides..].</summary>
    private Value Interleaved(Value grids)
    {
        if (Array.TrueForAll(_axes, w => w.Stride == 1)) return grids;
        if (Rank == 2 && _axes[0].Stride == _axes[1].Stride) return this.Emit("DepthToSpace", [grids], ("blocksize", _axes[0].Stride), ("mode", "CRD"));
        int[] places = [.. Enumerable.Range(2, Rank)];
        var sizes = this.SizesOf(grids, places);
        var apart = this.Reshape(grids, this.Join(this.Size(grids, 0), this.Longs([Channels, .. Strides]), sizes));
        var mixed = this.Transpose(apart, [0, 1, .. Enumerable.Range(0, Rank).SelectMany(i => new[] { 2L + Rank + i, 2L + i })]);
        return this.Reshape(mixed, this.Join(this.Size(grids, 0), this.Longs(Channels), this.Mul(sizes, this.Longs(Strides))));
    }

    /// <summary>
    /// [M, C / group, kernel..] to [C strides.., M / group, taps..]: channel by channel and grid by grid the taps of the grid, last first.
    /// </summary>
    private Value Weights(Phases[] phases)
    {
        var dims = _weight.Dims!;
        var dense = Dense(_weight);
        dense = this.Pad(dense, [0, 0, .. phases.Select(p => p.Front), 0, 0, .. phases.Select((p, i) => (p.Taps * _axes[i].Stride) - p.Front - _axes[i].Extent)]);
        var split = this.Reshape(dense, [_group, dims[0] / _group, dims[1], .. phases.SelectMany((p, i) => new[] { p.Taps, _axes[i].Stride })]);
        var ordered = this.Transpose(split, [0, 2, .. Enumerable.Range(0, Rank).Select(i => 4L + (2 * i)), 1, .. Enumerable.Range(0, Rank).Select(i => 3L + (2 * i))]);
        var whole = this.Reshape(ordered, [Channels * Strides.Aggregate(1L, (n, s) => n * s), dims[0] / _group, .. phases.Select(p => p.Taps)]);
        return phases.Index().Where(p => p.Item.Taps > 1).Aggregate(whole, (w, p) => this.Reverse(w, p.Index + 2));
    }

    /// <summary>The kernel with zeros in the place of what a dilation leaves out.</summary>
    private Value Dense(Value weight)
    {
        for (var i = 0; i < Rank; i++)
        {
            if (_axes[i].Dilation == 1 || _axes[i].Kernel == 1) continue;
            var apart = this.Unsqueeze(weight, i + 3);
            var pads = new long[2 * (Rank + 3)];
            pads[Rank + 3 + i + 3] = _axes[i].Dilation - 1;
            long[] dims = [.. weight.Dims!];
            dims[i + 2] *= _axes[i].Dilation;
            weight = this.Slice(this.Reshape(this.Pad(apart, pads), dims), [0], [_axes[i].Extent], [i + 2]);
        }

        return weight;
    }

    /// <summary>Every channel's number for each of its grids.</summary>
    private Value Biases()
    {
        var grids = Strides.Aggregate(1L, (n, s) => n * s);
        return this.Reshape(this.Expand(this.Unsqueeze(_bias!, 1), Channels, grids), Channels * grids);
    }

    /// <summary>The one number that a depthwise kernel without bias consists of.</summary>
    private float? Weight()
    {
        if (_bias is not null || _weight.Dims![1] != 1 || _weight.Dims[0] != _group || _weight.Constant is not { Type: ElementType.Float } constant) return null;
        var numbers = constant.As<float>();
        return numbers.IndexOfAnyExcept(numbers[0]) < 0 ? numbers[0] : null;
    }

    private static long CeilDiv(long a, long b) => -FloorDiv(-a, b);

    private static long FloorDiv(long a, long b) => a >= 0 ? a / b : -((-a + b - 1) / b);

    /// <summary>Which taps meet an element of a grid: position j of grid r takes tap q stride + r from input j - q, for q from First to Last.</summary>
    /// <param name="First">Counted from where the output begins: padding in front makes it negative.</param>
    /// <param name="Last">At most -1 where the padding takes the whole kernel away.</param>
    /// <param name="Front">Zeros before the kernel, so that its taps can be counted from First on.</param>
    private readonly record struct Phases(long First, long Last, long Front)
    {
        public long Taps => Last - First + 1;

        public static Phases Of(Window w)
        {
            var first = FloorDiv(-w.Begin, w.Stride);
            return new(first, FloorDiv(w.Extent - 1 - w.Begin, w.Stride), -(first * w.Stride) - w.Begin);
        }
    }
}

using System.Runtime.InteropServices;

namespace OnnxViz.Graphs.Folding;

/// <summary>What folding rules share.</summary>
internal static class Fold
{
    /// <summary>The tensor of an output, computed when it is first read; null when its shape is not known.</summary>
    public static Tensor? Lazily(Value output, Func<byte[]> read) =>
        output.HasStaticShape && output.Type.Size() > 0 ? new Tensor(output.Type, output.Dims!, Guarded(output, read)) : null;

    /// <summary>Long after its node was looked at, what it computes may still fail over what it says.</summary>
    private static Func<byte[]> Guarded(Value output, Func<byte[]> read) => output.Producer is not { } node ? read : () =>
    {
        try
        {
            return Malformed.Guard(node, "computed", read);
        }
        catch (OnnxVizException e) when (e.Fault == Fault.Input && !e.Message.Contains(" node '", StringComparison.Ordinal))
        {
            throw OnnxVizException.Input($"{node} cannot be computed: {e.Message}", e);
        }
    };

    /// <summary>The one output of a node, likewise.</summary>
    public static Tensor[]? Lazily(Node node, Func<byte[]> read) => Lazily(node.Outputs[0], read) is { } tensor ? [tensor] : null;

    public static Tensor Constant(this Node node, int i) => node.Required(i).Constant!;

    public static byte[] ToBytes<T>(T[] elements) where T : unmanaged => MemoryMarshal.AsBytes<T>(elements).ToArray();

    /// <summary>The stored elements as numbers.</summary>
    public static Span<T> As<T>(byte[] bytes) where T : unmanaged => MemoryMarshal.Cast<byte, T>(bytes.AsSpan());

    /// <summary>Elements to step over for one step along each axis of a row-major tensor.</summary>
    public static long[] Strides(ReadOnlySpan<long> dims)
    {
        var strides = new long[dims.Length];
        long step = 1;
        for (var i = dims.Length - 1; i >= 0; i--)
        {
            strides[i] = step;
            step *= dims[i];
        }

        return strides;
    }

    /// <summary>The strides with which a tensor is walked as if it had the larger shape: 0 where it repeats itself.</summary>
    public static long[] BroadcastStrides(ReadOnlySpan<long> dims, int rank)
    {
        var own = Strides(dims);
        var strides = new long[rank];
        for (var i = 0; i < dims.Length; i++) strides[rank - dims.Length + i] = dims[i] == 1 ? 0 : own[i];
        return strides;
    }
}

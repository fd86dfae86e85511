using System.Runtime.InteropServices;
using OnnxViz.Onnx.Proto;

namespace OnnxViz.Onnx;

/// <summary>Makes tensors of what a file says about them; the elements of large ones stay where they are.</summary>
internal sealed class TensorReader(OpenFile file, ExternalData external)
{
    public static bool Reads(TensorProto tensor) => ((ElementType)tensor.DataType).Size() > 0;

    /// <exception cref="OnnxVizException">
    /// An element type that is not read, impossible dimensions, or another number of elements than they ask for.
    /// The message begins behind the name of the tensor: "its ...".
    /// </exception>
    public Tensor Read(TensorProto tensor)
    {
        var type = (ElementType)tensor.DataType;
        if (!Reads(tensor)) throw OnnxVizException.Input($"its elements are of type {type}, which is not read.");
        if (tensor.Segment is not null) throw OnnxVizException.Input("its elements come in segments, which are not read.");
        long[] dims = [.. tensor.Dims];
        if (dims.Length > Shapes.MostAxes) throw OnnxVizException.Input($"it has {dims.Length} dimensions.");
        if (dims.Any(d => d < 0)) throw OnnxVizException.Input($"its dimensions [{string.Join(',', dims)}] are not all positive.");
        var byteLength = Shapes.Count(dims) * type.Size();
        if (tensor.DataLocation == TensorProto.Types.DataLocation.External)
            return Stored(type, dims, external.Locate(tensor, byteLength));
        if (tensor.LeftOut.Count > 0) return InFile(tensor, type, dims, byteLength);
        var bytes = tensor.HasRawData ? tensor.RawData.ToByteArray() : Typed(tensor, type);
        RequireLength(bytes.Length, byteLength);
        return new Tensor(type, dims, () => bytes);
    }

    private static Tensor Stored(ElementType type, long[] dims, FileRange place)
    {
        var length = Shapes.Count(dims) * type.Size();
        return new Tensor(type, dims, () => place.File.Read(place.Offset, length)) { Stored = place };
    }

    private Tensor InFile(TensorProto tensor, ElementType type, long[] dims, long byteLength)
    {
        // Which field the parts came from does not matter as long as no other field has elements as well.
        if (tensor.HasRawData || tensor.FloatData.Count + tensor.DoubleData.Count > 0)
            throw OnnxVizException.Input($"its {type} elements are in several places.");
        long total = 0;
        for (var i = 1; i < tensor.LeftOut.Count; i += 2) total += tensor.LeftOut[i];
        RequireLength(total, byteLength);
        long[] places = [.. tensor.LeftOut];
        if (places.Length == 2) return Stored(type, dims, new FileRange(file, places[0]));
        return new Tensor(type, dims, () =>
        {
            var bytes = new byte[byteLength];
            for (int i = 0, done = 0; i < places.Length; done += (int)places[i + 1], i += 2)
                file.Read(places[i], bytes.AsSpan(done, (int)places[i + 1]));
            return bytes;
        });
    }

    private static void RequireLength(long bytes, long byteLength)
    {
        if (bytes != byteLength)
            throw OnnxVizException.Input($"its elements are {bytes} bytes, its type and dimensions ask for {byteLength}.");
    }

    /// <summary>Elements as the specification spreads them over typed fields: small ones each in an int32.</summary>
    private static byte[] Typed(TensorProto tensor, ElementType type) => type switch
    {
        ElementType.Float => Bytes<float>([.. tensor.FloatData]),
        ElementType.Double => Bytes<double>([.. tensor.DoubleData]),
        ElementType.Int64 => Bytes<long>([.. tensor.Int64Data]),
        ElementType.Int32 => Bytes<int>([.. tensor.Int32Data]),
        ElementType.UInt64 => Bytes<ulong>([.. tensor.Uint64Data]),
        ElementType.UInt32 => Bytes<uint>([.. tensor.Uint64Data.Select(x => (uint)x)]),
        ElementType.Bool => Bytes<byte>([.. tensor.Int32Data.Select(x => (byte)(x != 0 ? 1 : 0))]),
        _ when type.Size() == 1 => Bytes<byte>([.. tensor.Int32Data.Select(x => (byte)x)]),
        _ => Bytes<ushort>([.. tensor.Int32Data.Select(x => (ushort)x)]),
    };

    private static byte[] Bytes<T>(ReadOnlySpan<T> elements) where T : unmanaged => MemoryMarshal.AsBytes(elements).ToArray();
}

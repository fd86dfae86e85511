using Google.Protobuf;

namespace OnnxViz.Onnx;

/// <summary>
/// An ONNX file without the elements of its large tensors: what the parser gets to see, so that weights nobody asks
/// for are never read. In their place stands where they are (<c>TensorProto.left_out</c> in onnx.proto).
/// </summary>
internal sealed class FileOutline
{
    /// <summary>Bytes from which on the elements of a tensor are left in the file.</summary>
    private const int Large = 1024;

    /// <summary>Protobuf's own parsers stop at 100 messages within each other.</summary>
    private const int DeepestMessage = 100;

    private const int LeftOut = 500000000;

    private readonly ByteCursor _cursor;

    private FileOutline(ByteCursor cursor) => _cursor = cursor;

    private enum Message
    {
        Other,
        Ignored,
        Model,
        Graph,
        Node,
        Attribute,
        Tensor,
        Sparse,
        Function,
    }

    /// <exception cref="OnnxVizException">The file is not ONNX, or ends too early.</exception>
    public static byte[] Of(OpenFile file)
    {
        var cursor = new ByteCursor(file);
        FileKind.RequireModel(file);
        var outline = new MemoryStream();
        new FileOutline(cursor).Copy(Message.Model, file.Length, outline, 0);
        return outline.ToArray();
    }

    /// <summary>The messages on the way to a tensor; the numbers are those of onnx.proto.</summary>
    private static Message Child(Message parent, int field) => (parent, field) switch
    {
        (Message.Model, 7) => Message.Graph,
        (Message.Model, 20) => Message.Ignored,
        (Message.Model, 25) => Message.Function,
        (Message.Graph, 1) => Message.Node,
        (Message.Graph, 5) => Message.Tensor,
        (Message.Graph, 15) => Message.Sparse,
        (Message.Function, 7) => Message.Node,
        (Message.Function, 11) => Message.Attribute,
        (Message.Node, 5) => Message.Attribute,
        (Message.Attribute, 5 or 10) => Message.Tensor,
        (Message.Attribute, 6 or 11) => Message.Graph,
        (Message.Attribute, 22 or 23) => Message.Sparse,
        (Message.Sparse, 1 or 2) => Message.Tensor,
        _ => Message.Other,
    };

    /// <summary>raw_data, and float_data and double_data when packed, hold elements as they lie in memory.</summary>
    private static bool IsElements(Message message, int field) => message == Message.Tensor && field is 4 or 9 or 10;

    private void Copy(Message message, long end, MemoryStream into, int depth)
    {
        if (depth > DeepestMessage) throw _cursor.Damaged();
        using var output = new CodedOutputStream(into, 512, leaveOpen: true);
        while (_cursor.Position < end)
        {
            var tag = _cursor.Varint();
            var (field, wire) = ((int)(tag >> 3), (int)(tag & 7));
            if (tag > uint.MaxValue || field == 0) throw _cursor.Damaged();
            switch (wire)
            {
                case 0:
                    var number = _cursor.Varint();
                    if (message == Message.Tensor && field == LeftOut) throw _cursor.Damaged();
                    output.WriteTag((uint)tag);
                    output.WriteUInt64(number);
                    break;
                case 1 or 5:
                    output.WriteTag((uint)tag);
                    output.Flush();
                    _cursor.CopyTo(into, wire == 1 ? 8 : 4);
                    break;
                case 2:
                    CopyNested(message, field, (uint)tag, output, into, depth);
                    break;
                default:
                    throw _cursor.Damaged();
            }

            if (_cursor.Position > end) throw _cursor.Damaged();
        }
    }

    private void CopyNested(Message message, int field, uint tag, CodedOutputStream output, MemoryStream into, int depth)
    {
        var length = _cursor.Varint();
        if (length > long.MaxValue || (long)length > _cursor.Length - _cursor.Position) throw _cursor.Truncated();
        if (IsElements(message, field) && length >= Large)
        {
            output.WriteTag(LeftOut, WireFormat.WireType.Varint);
            output.WriteInt64(_cursor.Position);
            output.WriteTag(LeftOut, WireFormat.WireType.Varint);
            output.WriteInt64((long)length);
            _cursor.Skip((long)length);
            return;
        }

        var child = Child(message, field);
        if (child == Message.Ignored)
        {
            _cursor.Skip((long)length);
            return;
        }

        if (message == Message.Tensor && field == LeftOut) throw _cursor.Damaged();
        output.WriteTag(tag);
        if (child == Message.Other)
        {
            output.WriteUInt64(length);
            output.Flush();
            _cursor.CopyTo(into, (long)length);
            return;
        }

        var nested = new MemoryStream();
        Copy(child, _cursor.Position + (long)length, nested, depth + 1);
        output.WriteUInt64((ulong)nested.Length);
        output.Flush();
        into.Write(nested.GetBuffer(), 0, (int)nested.Length);
    }
}

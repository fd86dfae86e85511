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

    /// <summary>Bytes of a list that are copied before it is asked whether there may be more.</summary>
    private const int Part = 1 << 16;

    private readonly ByteCursor _cursor;
    private readonly OutlineBuffer _into = new();
    private readonly MessageBudget _budget = new();

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
        Value,
        Type,
        TensorType,
        Shape,
        Dimension,
        Entry,
        Import,
    }

    /// <exception cref="OnnxVizException">The file is not ONNX, ends too early, or would take too much memory.</exception>
    public static CodedInputStream Of(OpenFile file)
    {
        var cursor = new ByteCursor(file);
        FileKind.RequireModel(file);
        var outline = new FileOutline(cursor);
        outline.Copy(Message.Model, file.Length, 0);
        return outline._into.Read();
    }

    /// <summary>The messages that there may be many of, and what nobody reads; the numbers are those of onnx.proto.</summary>
    private static Message Child(Message parent, int field) => (parent, field) switch
    {
        (Message.Model, 7) => Message.Graph,
        (Message.Model, 8) => Message.Import,
        (Message.Model, 14) => Message.Entry,
        (Message.Model, 6 or 20) => Message.Ignored,
        (Message.Model, 25) => Message.Function,
        (Message.Graph, 1) => Message.Node,
        (Message.Graph, 5) => Message.Tensor,
        (Message.Graph, 11 or 12 or 13) => Message.Value,
        (Message.Graph, 15) => Message.Sparse,
        (Message.Graph, 10 or 14 or 16) => Message.Ignored,
        (Message.Function, 7) => Message.Node,
        (Message.Function, 9) => Message.Import,
        (Message.Function, 11) => Message.Attribute,
        (Message.Function, 8 or 12 or 14) => Message.Ignored,
        (Message.Node, 5) => Message.Attribute,
        (Message.Node, 6 or 9) => Message.Ignored,
        (Message.Attribute, 5 or 10) => Message.Tensor,
        (Message.Attribute, 6 or 11) => Message.Graph,
        (Message.Attribute, 13 or 14 or 15) => Message.Ignored,
        (Message.Attribute, 22 or 23) => Message.Sparse,
        (Message.Tensor, 12 or 16) => Message.Ignored,
        (Message.Tensor, 13) => Message.Entry,
        (Message.Sparse, 1 or 2) => Message.Tensor,
        (Message.Value, 2) => Message.Type,
        (Message.Value, 3 or 4) => Message.Ignored,
        (Message.Type, 1) => Message.TensorType,
        // Lists, maps and the like: that it is one is all that matters.
        (Message.Type, 4 or 5 or 7 or 8 or 9) => Message.Ignored,
        (Message.TensorType, 2) => Message.Shape,
        (Message.Shape, 1) => Message.Dimension,
        _ => Message.Other,
    };

    /// <summary>How many fields such a message has.</summary>
    private static int Fields(Message message) => message switch
    {
        Message.Graph or Message.Function => 24,
        Message.Node => 12,
        Message.Attribute or Message.Tensor => 20,
        _ => 2,
    };

    /// <summary>raw_data, and float_data and double_data when packed, hold elements as they lie in memory.</summary>
    private static bool IsElements(Message message, int field) => message == Message.Tensor && field is 4 or 9 or 10;

    /// <summary>Lists of integers in as few bytes as each needs.</summary>
    private static bool IsPacked(Message message, int field) => (message, field) is (Message.Tensor, 1 or 5 or 7 or 11) or (Message.Attribute, 8) or (Message.Sparse, 3);

    private void Copy(Message message, long end, int depth)
    {
        if (depth > DeepestMessage) throw _cursor.Damaged();
        _budget.Message(Fields(message));
        while (_cursor.Position < end)
        {
            var tag = _cursor.Varint();
            var (field, wire) = ((int)(tag >> 3), (int)(tag & 7));
            if (tag > uint.MaxValue || field == 0 || (message == Message.Tensor && field == LeftOut)) throw _cursor.Damaged();
            switch (wire)
            {
                case 0:
                    _into.Varint(tag);
                    _into.Varint(_cursor.Varint());
                    _budget.Numbers(1);
                    break;
                case 1 or 5:
                    _into.Varint(tag);
                    _cursor.CopyTo(_into.Take(wire == 1 ? 8 : 4));
                    _budget.Numbers(1);
                    break;
                case 2:
                    CopyNested(message, field, tag, depth);
                    break;
                default:
                    throw _cursor.Damaged();
            }

            if (_cursor.Position > end) throw _cursor.Damaged();
        }
    }

    private void CopyNested(Message message, int field, ulong tag, int depth)
    {
        var length = _cursor.Varint();
        if (length > long.MaxValue || (long)length > _cursor.Length - _cursor.Position) throw _cursor.Truncated();
        if (IsElements(message, field) && length >= Large)
        {
            foreach (var number in new[] { (ulong)_cursor.Position, length })
            {
                _into.Varint((ulong)LeftOut << 3);
                _into.Varint(number);
            }

            _budget.Numbers(2);
            _cursor.Skip((long)length);
            return;
        }

        var child = Child(message, field);
        if (child == Message.Ignored)
        {
            _cursor.Skip((long)length);
            return;
        }

        _into.Varint(tag);
        if (child != Message.Other)
        {
            var begin = _into.Begin();
            Copy(child, _cursor.Position + (long)length, depth + 1);
            _into.End(begin);
            return;
        }

        _into.Varint(length);
        if (IsPacked(message, field)) CopyPacked((long)length);
        else CopyText((long)length);
    }

    private void CopyText(long length)
    {
        _budget.Text(length);
        _cursor.CopyTo(_into.Take(checked((int)length)));
    }

    private void CopyPacked(long length)
    {
        for (; length > 0; length -= Part)
        {
            var part = _into.Take((int)Math.Min(length, Part));
            _cursor.CopyTo(part);
            // The last byte of each number.
            var count = 0;
            foreach (var b in part) count += b < 0x80 ? 1 : 0;
            _budget.Numbers(count);
        }
    }

    /// <summary>
    /// What the messages of a file would take in memory, before they are made: an empty message is two bytes in a file and a hundred here. Weights,
    /// which stay in the file, do not count.
    /// </summary>
    private sealed class MessageBudget
    {
        /// <summary>Four times what 100,000 nodes with all their shapes take.</summary>
        private const long Most = 400L << 20;

        /// <summary>An object with its place in a list.</summary>
        private const int PerText = 48, PerMessage = 96;

        private long _used;

        public void Text(long bytes) => Use(PerText + (2 * bytes));

        /// <param name="fields">How many fields an object of its kind has, about.</param>
        public void Message(int fields) => Use(PerMessage + (16L * fields));

        /// <summary>Numbers of a list, which is copied once.</summary>
        public void Numbers(long count) => Use(16 * count);

        private void Use(long bytes)
        {
            if ((_used += bytes) > Most)
                throw OnnxVizException.Input($"The file's nodes, attributes and names would take more than {Most >> 20} MB of memory, as those of no network do.");
        }
    }
}

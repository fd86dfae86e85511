using Google.Protobuf;
using OnnxViz.Graphs;
using OnnxViz.Onnx.Proto;
using AttributeKind = OnnxViz.Onnx.Proto.AttributeProto.Types.AttributeType;

namespace OnnxViz.Fuzz.Onnx;

/// <summary>Messages that can be read and say what is not so. Each row changes one thing somewhere.</summary>
internal static class GraphMutations
{
    private static readonly long[] Numbers =
    [
        0, 1, -1, 2, 3, 4, 7, 8, 16, 255, 256, 32767, 65536, 1 << 20, int.MaxValue, int.MinValue, 1L << 32, (1L << 32) + 1, 1L << 40, 1L << 62, long.MaxValue, long.MinValue, -2, -3, -100,
    ];

    private static readonly string[] Words = ["", "NOTSET", "SAME_UPPER", "SAME_LOWER", "VALID", "linear", "nearest", "cubic", "reflect", "edge", "wrap", "constant", "bogus", "\u001b[31m", "../x", "a,b->c", "ii->i", "...ij,jk", "add", "max", "bilinear", "align_corners", "tf_crop_and_resize", "half_pixel", "tanh", "DCR", "CRD", "RIGHT"];

    private static readonly Action<ModelProto, CounterRandom>[] Rows =
    [
        Each<AttributeProto>(m => Attributes(m), ChangeAttribute),
        Each<AttributeProto>(m => Attributes(m), ChangeAttribute),
        Each<NodeProto>(m => Nodes(m), (node, r) => node.Attribute.Add(NewAttribute(r))),
        Each<NodeProto>(m => Nodes(m), (node, r) => { if (node.Attribute.Count > 0) node.Attribute.RemoveAt(r.Next(node.Attribute.Count)); }),
        Each<NodeProto>(m => Nodes(m), (node, r) => node.OpType = Operator(r)),
        Each<NodeProto>(m => Nodes(m), (node, r) => node.OpType = Operator(r)),
        ChangeInputs, ChangeInputs, ChangeOutputs,
        (m, r) => ChangeShape(Pick(m.Graph.Input, r), r),
        (m, r) => ChangeShape(Pick(m.Graph.Input, r), r),
        (m, r) => ChangeShape(Pick(m.Graph.Output.Concat(m.Graph.ValueInfo).ToList(), r), r),
        Each<TensorProto>(m => Tensors(m), ChangeDims),
        Each<TensorProto>(m => Tensors(m), ChangeElements),
        Each<TensorProto>(m => Tensors(m), ChangeElements),
        Each<TensorProto>(m => Tensors(m), Outside),
        (m, r) => { if (Pick(m.Graph.Initializer, r) is { } gone) m.Graph.Initializer.Remove(gone); },
        (m, r) => { if (Pick(m.Graph.Node, r) is { } gone) m.Graph.Node.Remove(gone); },
        (m, r) => { if (Pick(m.Graph.Node, r) is { } twice) m.Graph.Node.Insert(r.Next(m.Graph.Node.Count), twice.Clone()); },
        Insert, Insert, Insert, Nest, Call, Repeat,
        (m, r) => { foreach (var import in m.OpsetImport) import.Version = 5 + r.Next(24); },
        (m, r) => { if (Pick(m.Graph.Output, r) is { } output && Pick(m.Graph.Node, r) is { Output.Count: > 0 } node) output.Name = node.Output[0]; },
    ];

    public static void Apply(ModelProto model, CounterRandom random)
    {
        if (model.Graph is null) return;
        Rows[random.Next(Rows.Length)](model, random);
    }

    private static IEnumerable<NodeProto> Nodes(ModelProto model) => model.Graph.Node.Concat(model.Functions.SelectMany(f => f.Node));

    private static IEnumerable<AttributeProto> Attributes(ModelProto model) => Nodes(model).SelectMany(n => n.Attribute);

    private static IEnumerable<TensorProto> Tensors(ModelProto model) => model.Graph.Initializer.Concat(Attributes(model).Select(a => a.T).OfType<TensorProto>());

    private static Action<ModelProto, CounterRandom> Each<T>(Func<ModelProto, IEnumerable<T>> all, Action<T, CounterRandom> change) where T : class =>
        (model, random) => { if (Pick([.. all(model)], random) is { } one) change(one, random); };

    private static T? Pick<T>(IList<T> all, CounterRandom random) where T : class => all.Count == 0 ? null : all[random.Next(all.Count)];

    private static long Number(CounterRandom r) => r.Next(2) == 0 ? Numbers[r.Next(Numbers.Length)] : r.Next(9) - 2;

    private static string Operator(CounterRandom r)
    {
        var all = OperatorTraits.All;
        return all.ElementAt(r.Next(all.Count)).Name;
    }

    private static void ChangeAttribute(AttributeProto a, CounterRandom r)
    {
        switch (r.Next(6))
        {
            case 0 when a.Ints.Count > 0: a.Ints.RemoveAt(r.Next(a.Ints.Count)); break;
            case 1 when a.Ints.Count > 0: a.Ints.Add(Number(r)); break;
            case 2: a.Name = r.Next(3) == 0 ? "" : a.Name + "_"; break;
            case 3: a.Type = (AttributeKind)r.Next(15); break;
            default:
                a.I = Number(r);
                if (a.Ints.Count > 0) a.Ints[r.Next(a.Ints.Count)] = Number(r);
                if (a.HasF) a.F = r.Next(3) switch { 0 => float.NaN, 1 => float.NegativeInfinity, _ => Number(r) };
                if (a.Floats.Count > 0) a.Floats[r.Next(a.Floats.Count)] = Number(r);
                if (a.HasS) a.S = ByteString.CopyFromUtf8(Words[r.Next(Words.Length)]);
                break;
        }
    }

    private static readonly string[] Names =
    [
        "axis", "axes", "kernel_shape", "strides", "pads", "dilations", "group", "auto_pad", "ceil_mode", "output_padding", "output_shape", "perm", "keepdims", "mode", "to", "blocksize", "num_groups",
        "num_outputs", "split", "size", "epsilon", "alpha", "beta", "transA", "transB", "equation", "count_include_pad", "storage_order", "value", "value_ints", "start", "end", "batch_dims", "allowzero",
        "noop_with_empty_axes", "direction", "fmod", "largest", "sorted", "hidden_size", "block_size", "output_dtype", "p", "scales", "starts", "ends", "k", "spatial", "align_corners", "upper", "dtype",
    ];

    private static AttributeProto NewAttribute(CounterRandom r)
    {
        var a = new AttributeProto { Name = Names[r.Next(Names.Length)] };
        switch (r.Next(4))
        {
            case 0: (a.Type, a.I) = (AttributeKind.Int, Number(r)); break;
            case 1: (a.Type, a.S) = (AttributeKind.String, ByteString.CopyFromUtf8(Words[r.Next(Words.Length)])); break;
            case 2: (a.Type, a.F) = (AttributeKind.Float, Number(r)); break;
            default:
                a.Type = AttributeKind.Ints;
                for (var n = r.Next(7); n > 0; n--) a.Ints.Add(Number(r));
                break;
        }

        return a;
    }

    private static void ChangeInputs(ModelProto m, CounterRandom r)
    {
        if (Pick([.. Nodes(m)], r) is not { Input.Count: > 0 } node) return;
        var at = r.Next(node.Input.Count);
        string[] known = [.. m.Graph.Input.Select(i => i.Name), .. m.Graph.Initializer.Select(i => i.Name), .. m.Graph.Node.SelectMany(n => n.Output)];
        switch (r.Next(5))
        {
            case 0: node.Input.RemoveAt(at); break;
            case 1: node.Input[at] = ""; break;
            case 2: node.Input.Add(known.Length > 0 ? known[r.Next(known.Length)] : ""); break;
            default: node.Input[at] = known.Length > 0 ? known[r.Next(known.Length)] : "nowhere"; break;
        }
    }

    private static void ChangeOutputs(ModelProto m, CounterRandom r)
    {
        if (Pick([.. Nodes(m)], r) is not { Output.Count: > 0 } node) return;
        switch (r.Next(4))
        {
            case 0: node.Output.RemoveAt(r.Next(node.Output.Count)); break;
            case 1: node.Output.Insert(r.Next(node.Output.Count), ""); break;
            case 2: node.Output.Add($"more{r.Next(1000)}"); break;
            default: node.Output[r.Next(node.Output.Count)] = Pick(m.Graph.Node, r)?.Output.FirstOrDefault() ?? ""; break;
        }
    }

    private static void ChangeShape(ValueInfoProto? info, CounterRandom r)
    {
        if (info?.Type?.TensorType is not { } type) return;
        if (r.Next(6) == 0) type.ElemType = r.Next(24);
        if (type.Shape is not { } shape || r.Next(12) == 0)
        {
            type.Shape = null;
            return;
        }

        switch (r.Next(5))
        {
            case 0 when shape.Dim.Count > 0: shape.Dim.RemoveAt(r.Next(shape.Dim.Count)); break;
            case 1: shape.Dim.Add(new TensorShapeProto.Types.Dimension { DimValue = Number(r) }); break;
            case 2 when shape.Dim.Count > 0: shape.Dim[r.Next(shape.Dim.Count)] = new() { DimParam = "n" }; break;
            default: if (shape.Dim.Count > 0) shape.Dim[r.Next(shape.Dim.Count)] = new() { DimValue = Number(r) }; break;
        }
    }

    private static void ChangeDims(TensorProto t, CounterRandom r)
    {
        switch (r.Next(5))
        {
            case 0: t.Dims.Add(r.Next(2)); break;
            case 1 when t.Dims.Count > 0: t.Dims.RemoveAt(r.Next(t.Dims.Count)); break;
            case 2 when t.Dims.Count > 1: (t.Dims[0], t.Dims[^1]) = (t.Dims[^1], t.Dims[0]); break;
            case 3: t.DataType = r.Next(24); break;
            default: if (t.Dims.Count > 0) t.Dims[r.Next(t.Dims.Count)] = Number(r); break;
        }
    }

    private static void ChangeElements(TensorProto t, CounterRandom r)
    {
        if (t.HasRawData && t.RawData.Length > 0)
        {
            var bytes = t.RawData.ToByteArray();
            if (bytes.Length % 8 == 0 && t.DataType == (int)ElementType.Int64) BitConverter.TryWriteBytes(bytes.AsSpan(8 * r.Next(bytes.Length / 8)), Number(r));
            else bytes[r.Next(bytes.Length)] = (byte)r.Next(256);
            t.RawData = ByteString.CopyFrom(bytes);
        }

        if (t.Int64Data.Count > 0) t.Int64Data[r.Next(t.Int64Data.Count)] = Number(r);
        if (t.Int32Data.Count > 0) t.Int32Data[r.Next(t.Int32Data.Count)] = unchecked((int)Number(r));
        if (t.FloatData.Count > 0) t.FloatData[r.Next(t.FloatData.Count)] = Number(r);
    }

    /// <summary>Elements in another file, which is there, or not, or is the model itself, or lies elsewhere.</summary>
    private static void Outside(TensorProto t, CounterRandom r)
    {
        string[] places = ["weights.bin", "model.onnx", "../weights.bin", "/etc/passwd", "", "missing.bin", ".", "weights.bin/x", "a\0b"];
        t.DataLocation = TensorProto.Types.DataLocation.External;
        t.ExternalData.Clear();
        t.ExternalData.Add(new StringStringEntryProto { Key = "location", Value = places[r.Next(places.Length)] });
        if (r.Next(2) == 0) t.ExternalData.Add(new StringStringEntryProto { Key = "offset", Value = $"{Number(r)}" });
        if (r.Next(2) == 0) t.ExternalData.Add(new StringStringEntryProto { Key = "length", Value = $"{Number(r)}" });
        if (r.Next(2) == 0) t.ClearRawData();
    }

    /// <summary>An operator of any kind between two others.</summary>
    private static void Insert(ModelProto m, CounterRandom r)
    {
        if (Pick(m.Graph.Node, r) is not { Output.Count: > 0 } before) return;
        var name = $"between{r.Next(1 << 20)}";
        var node = new NodeProto { OpType = Operator(r), Name = r.Next(4) == 0 ? "" : name, Input = { before.Output[0] }, Output = { name } };
        for (var n = r.Next(4); n > 0; n--) node.Input.Add(Argument(m, r));
        for (var n = r.Next(3); n > 0; n--) node.Attribute.Add(NewAttribute(r));
        foreach (var after in m.Graph.Node)
            for (var i = 0; i < after.Input.Count; i++)
                if (after.Input[i] == before.Output[0]) after.Input[i] = name;
        m.Graph.Node.Insert(m.Graph.Node.IndexOf(before) + 1, node);
    }

    private static string Argument(ModelProto m, CounterRandom r)
    {
        if (r.Next(5) == 0) return "";
        var name = $"made{m.Graph.Initializer.Count}_{r.Next(1 << 20)}";
        var tensor = new TensorProto { Name = name };
        var count = r.Next(5);
        if (r.Next(5) > 0) tensor.Dims.Add(count);
        else count = 1;
        switch (r.Next(4))
        {
            case 0:
                tensor.DataType = (int)ElementType.Float;
                for (var i = 0; i < count; i++) tensor.FloatData.Add(r.Next(4) == 0 ? Number(r) : r.Next(5));
                break;
            case 1:
                tensor.DataType = r.Next(2) == 0 ? (int)ElementType.Int32 : (int)ElementType.Bool;
                for (var i = 0; i < count; i++) tensor.Int32Data.Add(unchecked((int)Number(r)));
                break;
            default:
                tensor.DataType = (int)ElementType.Int64;
                for (var i = 0; i < count; i++) tensor.Int64Data.Add(Number(r));
                break;
        }

        m.Graph.Initializer.Add(tensor);
        return name;
    }

    /// <summary>Graphs within graphs within graphs.</summary>
    private static void Nest(ModelProto m, CounterRandom r)
    {
        if (Pick(m.Graph.Node, r) is not { Output.Count: > 0 } before) return;
        var name = $"nested{r.Next(1 << 20)}";
        var inner = new GraphProto { Name = "inner", Output = { new ValueInfoProto { Name = name + "i" } }, Node = { new NodeProto { OpType = "Identity", Input = { before.Output[0] }, Output = { name + "i" } } } };
        string[] kinds = ["If", "Loop", "Scan", "SequenceMap"];
        for (var depth = 1 + (r.Next(8) == 0 ? r.Next(120) : r.Next(4)); depth > 0; depth--)
        {
            var kind = kinds[r.Next(8) == 0 ? r.Next(4) : 0];
            var node = new NodeProto { OpType = kind, Input = { before.Output[0] }, Output = { $"{name}_{depth}" } };
            foreach (var branch in kind == "If" ? new[] { "then_branch", "else_branch" } : ["body"])
                node.Attribute.Add(new AttributeProto { Name = branch, Type = AttributeKind.Graph, G = branch == "else_branch" ? inner.Clone() : inner });
            if (depth > 12) node.Attribute.RemoveAt(node.Attribute.Count - 1);
            inner = new GraphProto { Name = "inner", Output = { new ValueInfoProto { Name = $"{name}_{depth}" } }, Node = { node } };
            if (inner.CalculateSize() > 1 << 16) break;
        }

        m.Graph.Node.Add(inner.Node);
        if (m.Graph.Output.Count > 0 && r.Next(2) == 0) m.Graph.Output[0].Name = inner.Output[0].Name;
    }

    /// <summary>A function that calls itself or others.</summary>
    private static void Call(ModelProto m, CounterRandom r)
    {
        var function = new FunctionProto { Name = "F", Domain = "own", Input = { "a" }, Output = { "b" }, OpsetImport = { m.OpsetImport } };
        function.Node.Add(new NodeProto { OpType = r.Next(3) == 0 ? "F" : "Relu", Domain = r.Next(3) == 0 ? "own" : "", Input = { "a" }, Output = { "b" } });
        for (var n = r.Next(4); n > 0; n--) function.Node.Add(new NodeProto { OpType = Operator(r), Input = { "b" }, Output = { $"c{n}" } });
        m.Functions.Add(function);
        m.OpsetImport.Add(new OperatorSetIdProto { Domain = "own", Version = 1 });
        if (Pick(m.Graph.Node, r) is { } node) (node.OpType, node.Domain) = ("F", "own");
    }

    /// <summary>Very many of one thing, or one thing that is very long.</summary>
    private static void Repeat(ModelProto m, CounterRandom r)
    {
        var many = 1 << r.Next(14);
        switch (r.Next(5))
        {
            case 0:
                for (var i = 0; i < many; i++) m.Graph.Node.Add(new NodeProto { OpType = "Relu", Input = { m.Graph.Input.FirstOrDefault()?.Name ?? "" }, Output = { r.Next(2) == 0 ? "" : $"r{i}" } });
                break;
            case 1:
                if (Pick(m.Graph.Node, r) is { } node) node.Name = new string('n', many);
                break;
            case 2:
                for (var i = 0; i < many; i++) m.Graph.Initializer.Add(new TensorProto { Name = $"i{i}", DataType = 1, Dims = { 0 } });
                break;
            case 3:
                if (Pick([.. Attributes(m)], r) is { } a) for (var i = 0; i < many; i++) a.Ints.Add(Number(r));
                break;
            default:
                if (Pick(m.Graph.Input, r)?.Type?.TensorType?.Shape is { } shape) for (var i = 0; i < Math.Min(many, 300); i++) shape.Dim.Add(new TensorShapeProto.Types.Dimension { DimValue = 1 });
                break;
        }
    }
}

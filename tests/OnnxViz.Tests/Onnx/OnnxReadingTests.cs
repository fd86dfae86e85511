using Google.Protobuf;
using OnnxViz.Graphs;
using OnnxViz.Graphs.Emit;
using OnnxViz.Onnx;
using OnnxViz.Onnx.Proto;
using OnnxViz.Tests.Support;
using Xunit;

namespace OnnxViz.Tests.Onnx;

public sealed class OnnxReadingTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Model_says_who_made_it()
    {
        var proto = Forgery.Model(Forgery.Node("Relu", ["x"], ["y"]));
        (proto.ProducerName, proto.ProducerVersion) = ("pytorch", "2.13");
        proto.MetadataProps.Add(new StringStringEntryProto { Key = "task", Value = "cats" });
        var model = Load(proto);
        Assert.Equal(("pytorch", "2.13", 8L, "cats"), (model.ProducerName, model.ProducerVersion, model.IrVersion, model.Metadata["task"]));
        Assert.Equal(Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData(proto.ToByteArray())), model.Sha256);
        Assert.Equal("x: Float[1,3,8,8]", model.Graph.Inputs.Single().ToString());
    }

    public static TheoryData<ElementType, double[]> TypedFields => new()
    {
        { ElementType.Float, [1.5, -2, 0.25] },
        { ElementType.Double, [1.5, -2, 1e300] },
        { ElementType.Int64, [5, -6, 1L << 40] },
        { ElementType.Int32, [5, -6, int.MinValue] },
        { ElementType.Int16, [5, -6, short.MinValue] },
        { ElementType.Int8, [5, -6, sbyte.MinValue] },
        { ElementType.UInt8, [5, 6, 255] },
        { ElementType.UInt16, [5, 6, 65535] },
        { ElementType.UInt32, [5, 6, uint.MaxValue] },
        { ElementType.UInt64, [5, 6, 1L << 40] },
        { ElementType.Bool, [1, 0, 1] },
        { ElementType.Float16, [1.5, -2, 0.25] },
        { ElementType.BFloat16, [1.5, -2, 0.25] },
    };

    [Theory]
    [MemberData(nameof(TypedFields))]
    public void Typed_fields_hold_what_raw_data_would(ElementType type, double[] numbers)
    {
        var w = new TensorProto { Name = "w", DataType = (int)type, Dims = { numbers.Length } };
        foreach (var x in numbers)
        {
            if (type == ElementType.Float) w.FloatData.Add((float)x);
            else if (type == ElementType.Double) w.DoubleData.Add(x);
            else if (type == ElementType.Int64) w.Int64Data.Add((long)x);
            else if (type is ElementType.UInt32 or ElementType.UInt64) w.Uint64Data.Add((ulong)x);
            else if (type == ElementType.Float16) w.Int32Data.Add(BitConverter.HalfToUInt16Bits((Half)x));
            else if (type == ElementType.BFloat16) w.Int32Data.Add((int)(BitConverter.SingleToUInt32Bits((float)x) >> 16));
            else w.Int32Data.Add((int)x);
        }

        Assert.Equal(numbers, Constant(Load(Forgery.Adding(w))).ToDoubles());
    }

    [Theory]
    [InlineData(3)]
    [InlineData(1000)]
    public void Float_data_need_not_be_packed(int count)
    {
        // float_data is field 4: as single numbers its tag is 4 << 3 | 5, packed it is 4 << 3 | 2.
        float[] numbers = [.. Enumerable.Range(0, count).Select(i => i / 4f)];
        var packed = new TensorProto { Name = "w", DataType = 1, Dims = { count }, FloatData = { numbers } };
        var single = new MemoryStream();
        new TensorProto { Name = "w", DataType = 1, Dims = { count } }.WriteTo(single);
        foreach (var x in numbers) single.Write([(4 << 3) | 5, .. BitConverter.GetBytes(x)]);
        Assert.Equal(numbers, Constant(Load(Forgery.Adding(packed))).ToFloats());

        // Protobuf lets a repeated message stand in any number of pieces: the initializer follows the rest of the graph.
        var model = Forgery.Model(Forgery.Node("Add", ["x", "w"], ["y"])).ToByteArray();
        byte[] initializer = [.. Delimited(5, single.ToArray())];
        var path = _folder.Write("unpacked.onnx", [.. model, .. Delimited(7, initializer)]);
        Assert.Equal(numbers, Constant(OnnxFile.Load(path)).ToFloats());

        static byte[] Delimited(int field, byte[] bytes)
        {
            var stream = new MemoryStream();
            var output = new CodedOutputStream(stream);
            output.WriteTag(field, WireFormat.WireType.LengthDelimited);
            output.WriteBytes(ByteString.CopyFrom(bytes));
            output.Flush();
            return stream.ToArray();
        }
    }

    [Fact]
    public void Large_weights_stay_in_the_file_until_asked_for_even_when_it_is_replaced()
    {
        float[] numbers = [.. Enumerable.Range(0, 4 << 20).Select(i => (float)i)];
        var builder = new GraphBuilder();
        builder.Output("y", builder.Node("Add", [builder.Input("x", ElementType.Float, 1), builder.Constant(Tensor.Of(numbers, numbers.Length), "w")], fold: false)[0]);
        var path = _folder["large.onnx"];
        OnnxFile.Save(builder.Graph, path);

        var before = GC.GetAllocatedBytesForCurrentThread();
        var model = OnnxFile.Load(path);
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 1 << 20);

        if (!OperatingSystem.IsWindows()) OnnxFile.Save(Load(Forgery.Model(Forgery.Node("Relu", ["x"], ["y"]))).Graph, path);
        before = GC.GetAllocatedBytesForCurrentThread();
        var bytes = OnnxFile.Serialize(model.Graph);
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, bytes.Length, bytes.Length + (16 << 20) + (1 << 18));
        Assert.Equal(numbers, Constant(model).ToFloats());
    }

    [Fact]
    public void Initializers_among_the_inputs_are_constants()
    {
        var proto = Forgery.Adding(Forgery.Tensor("w", 3, 1, 1));
        proto.Graph.Input.Add(Forgery.Info("w", 3, 1, 1));
        Assert.Equal(["x"], Load(proto).Graph.Inputs.Select(i => i.Name));
    }

    [Fact]
    public void Constant_nodes_are_constants_however_they_are_spelled()
    {
        AttributeProto[] spellings =
        [
            new() { Name = "value", Type = AttributeProto.Types.AttributeType.Tensor, T = Forgery.Tensor("", 1) },
            new() { Name = "value_float", Type = AttributeProto.Types.AttributeType.Float, F = 2 },
            new() { Name = "value_floats", Type = AttributeProto.Types.AttributeType.Floats, Floats = { 1, 2 } },
            Forgery.Int("value_int", 3),
            Forgery.Ints("value_ints", 4, 5),
        ];
        var constants = spellings.Select(a => Load(Forgery.Model(Forgery.Node("Constant", [], ["w"], a), Forgery.Node("Add", ["x", "w"], ["y"]))));
        Assert.Equal(["Float[1]", "Float[]", "Float[2]", "Int64[]", "Int64[2]"], constants.Select(m => Constant(m).ToString()));
    }

    [Fact]
    public void Attributes_of_old_files_say_no_kind()
    {
        var node = Forgery.Node("Op", ["x"], ["y"], new AttributeProto { Name = "f", F = 0 }, new AttributeProto { Name = "i", I = 0 }, new AttributeProto { Name = "n", Ints = { 1 } });
        var attributes = Load(Forgery.Model(node)).Graph.Nodes[0].Attributes;
        Assert.Equal([typeof(float), typeof(long), typeof(long[])], attributes.Values.Select(v => v.GetType()));
    }

    [Fact]
    public void Nodes_are_sorted_and_named()
    {
        var relu = Forgery.Node("Relu", ["a"], ["y"]);
        var conv = Forgery.Node("Relu", ["x"], ["a"]);
        (relu.Name, conv.Name) = ("", "Relu_1");
        Assert.Equal(["Relu_1", "Relu_2"], Load(Forgery.Model(relu, conv)).Graph.Nodes.Select(n => n.Name));
    }

    [Fact]
    public void Omitted_inputs_are_null_and_omitted_outputs_are_gone()
    {
        var graph = Load(Forgery.Model(Forgery.Node("Op", ["x", "", "x", ""], ["", "y", ""]))).Graph;
        Assert.Equal(["x", null, "x"], graph.Nodes[0].Inputs.Select(i => i?.Name));
        Assert.Equal(["op/unused0", "y"], graph.Nodes[0].Outputs.Select(o => o.Name));
    }

    [Fact]
    public void Unused_domains_are_ignored_and_both_names_of_the_standard_mean_it()
    {
        var node = Forgery.Node("Relu", ["x"], ["y"]);
        node.Domain = "ai.onnx";
        var proto = Forgery.Model(node);
        proto.OpsetImport[0].Domain = "ai.onnx";
        proto.OpsetImport.Add(new OperatorSetIdProto { Domain = "pkg.unused", Version = 1 });
        var graph = Load(proto).Graph;
        Assert.Equal((17, 0, ""), (graph.Opset, graph.Domains.Count, graph.Nodes[0].Domain));
    }

    [Fact]
    public void What_is_not_supported_matters_only_where_it_is_needed()
    {
        var labels = new TensorProto { Name = "labels", DataType = (int)ElementType.String, Dims = { 1 }, StringData = { ByteString.CopyFromUtf8("cat") } };
        var proto = Forgery.Model(Forgery.Node("Relu", ["x"], ["y"]), Forgery.Node("Gather", ["labels", "y"], ["label"]));
        proto.Graph.Initializer.Add(labels);
        proto.Graph.Output.Add(Forgery.Info("label"));
        var graph = Load(proto).Graph;
        OnnxFile.Serialize(graph.Cut([graph.Outputs[0]]));
        var error = Assert.Throws<OnnxVizException>(() => OnnxFile.Serialize(graph));
        Assert.Equal("Constant node 'Constant_1': its attribute 'labels' holds elements of type String, which is not read.", error.Message);
    }

    private static Tensor Constant(OnnxModel model) => model.Graph.Nodes[0].Required(1).Constant!;

    private OnnxModel Load(ModelProto proto) => OnnxFile.Load(_folder.Write("forged.onnx", proto.ToByteArray()));
}

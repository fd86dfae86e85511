using Google.Protobuf;
using OnnxViz.Graphs;
using OnnxViz.Onnx.Proto;
using AttributeKind = OnnxViz.Onnx.Proto.AttributeProto.Types.AttributeType;

namespace OnnxViz.Tests.Support;

/// <summary>ONNX messages as exporters write them, and as none should: what the library's own writer never makes.</summary>
internal static class Forgery
{
    /// <summary>A model of x: float[1,3,8,8] to y, which the last node must compute.</summary>
    public static ModelProto Model(params NodeProto[] nodes)
    {
        var graph = new GraphProto { Name = "forged", Input = { Info("x", 1, 3, 8, 8) }, Output = { Info("y") }, Node = { nodes } };
        return new ModelProto { IrVersion = 8, Graph = graph, OpsetImport = { new OperatorSetIdProto { Version = 17 } } };
    }

    public static ValueInfoProto Info(string name, params long[] dims)
    {
        var shape = new TensorShapeProto();
        foreach (var d in dims) shape.Dim.Add(new TensorShapeProto.Types.Dimension { DimValue = d });
        var tensor = new TypeProto.Types.Tensor { ElemType = 1, Shape = dims.Length > 0 ? shape : null };
        return new ValueInfoProto { Name = name, Type = new TypeProto { TensorType = tensor } };
    }

    public static NodeProto Node(string opType, string[] inputs, string[] outputs, params AttributeProto[] attributes) =>
        new() { OpType = opType, Name = opType.ToLowerInvariant(), Input = { inputs }, Output = { outputs }, Attribute = { attributes } };

    public static AttributeProto Ints(string name, params long[] numbers) => new() { Name = name, Type = AttributeKind.Ints, Ints = { numbers } };

    public static AttributeProto Int(string name, long number) => new() { Name = name, Type = AttributeKind.Int, I = number };

    public static AttributeProto Reference(string name, string argument) =>
        new() { Name = name, Type = AttributeKind.Float, RefAttrName = argument };

    public static TensorProto Tensor(string name, params long[] dims)
    {
        var count = (int)dims.Aggregate(1L, (a, b) => a * b);
        return new TensorProto { Name = name, DataType = (int)ElementType.Float, Dims = { dims }, RawData = ByteString.CopyFrom(new byte[4 * count]) };
    }

    public static TensorProto External(string name, int count, params (string Key, string Value)[] entries)
    {
        var tensor = new TensorProto { Name = name, DataType = (int)ElementType.Float, Dims = { count }, DataLocation = TensorProto.Types.DataLocation.External };
        foreach (var (key, value) in entries) tensor.ExternalData.Add(new StringStringEntryProto { Key = key, Value = value });
        return tensor;
    }

    /// <summary>y = x + w for an initializer named w.</summary>
    public static ModelProto Adding(TensorProto w)
    {
        var model = Model(Node("Add", ["x", "w"], ["y"]));
        model.Graph.Initializer.Add(w);
        return model;
    }

    /// <summary>y = Conv(x, w, b) with w of [4,3,3,3] and b of [4].</summary>
    public static ModelProto Convolution(params AttributeProto[] attributes)
    {
        var model = Model(Node("Conv", ["x", "w", "b"], ["y"], attributes));
        model.Graph.Initializer.Add([Tensor("w", 4, 3, 3, 3), Tensor("b", 4)]);
        return model;
    }
}

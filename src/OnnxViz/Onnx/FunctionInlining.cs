using OnnxViz.Onnx.Proto;

namespace OnnxViz.Onnx;

/// <summary>
/// Puts the bodies of a model's own functions in the place of the nodes that call them, as ONNX's specification of
/// FunctionProto describes it. Done on the file's messages: names are all that has to be changed there.
/// </summary>
internal sealed class FunctionInlining
{
    /// <summary>Functions calling functions multiply; no network has as many nodes.</summary>
    private const int MostNodes = 500_000;

    /// <summary>Calls and subgraphs within each other: readers and ONNX Runtime itself walk down them by recursion.</summary>
    private const int Deepest = 64;

    /// <summary>Bytes of all names in copies of functions' nodes, and something for each node: a call of few bytes may copy many.</summary>
    private const long MostBytes = 64L << 20;

    private const int PerNode = 64;

    /// <summary>What one byte of a message takes, at most: small integers are 64 bits wide.</summary>
    private const int BytesInMemory = 8;

    private readonly Dictionary<(string Domain, string Name, string Overload), FunctionProto> _functions = [];
    private readonly FreeNames _names = new();
    private int _nodes;
    private long _bytes;

    /// <exception cref="OnnxVizException">A function that cannot be put in place; the message names it.</exception>
    public static void Apply(ModelProto model)
    {
        if (model.Functions.Count == 0) return;
        var inlining = new FunctionInlining();
        var opset = Standard(model.OpsetImport);
        var imported = model.OpsetImport.Select(o => OnnxFile.Domain(o.Domain)).ToHashSet();
        foreach (var function in model.Functions)
        {
            if (Standard(function.OpsetImport) is { } version && version != opset)
                throw OnnxVizException.Input($"Its function '{function.Name}' uses opset {version} while the model uses {opset}, which is not supported.");
            inlining._functions[(OnnxFile.Domain(function.Domain), function.Name, function.Overload)] = function;
            foreach (var import in function.OpsetImport)
                if (imported.Add(OnnxFile.Domain(import.Domain))) model.OpsetImport.Add(import);
        }

        inlining.CollectNames(model.Graph);
        inlining.Expand(model.Graph, 0);
    }

    private static long? Standard(IEnumerable<OperatorSetIdProto> imports) =>
        imports.FirstOrDefault(o => OnnxFile.Domain(o.Domain).Length == 0)?.Version;

    private void CollectNames(GraphProto graph)
    {
        _names.Reserve(graph.Input.Select(i => i.Name));
        _names.Reserve(graph.Initializer.Select(i => i.Name));
        foreach (var node in graph.Node)
        {
            _names.Reserve([node.Name]);
            _names.Reserve(node.Output);
            foreach (var attribute in node.Attribute)
                if (attribute.G is not null) CollectNames(attribute.G);
        }
    }

    private void Expand(GraphProto graph, int depth)
    {
        NodeProto[] nodes = [.. graph.Node];
        graph.Node.Clear();
        foreach (var node in nodes) graph.Node.Add(Expand(node, depth));
    }

    private List<NodeProto> Expand(NodeProto node, int depth)
    {
        if (++_nodes > MostNodes || depth > Deepest)
            throw TooMuch(node);
        foreach (var attribute in node.Attribute)
            if (attribute.G is not null) Expand(attribute.G, depth + 1);
        return _functions.TryGetValue((OnnxFile.Domain(node.Domain), node.OpType, node.Overload), out var function)
            ? Body(function, node).SelectMany(inner => Expand(inner, depth + 1)).ToList()
            : [node];
    }

    private List<NodeProto> Body(FunctionProto function, NodeProto call)
    {
        if (call.Input.Count > function.Input.Count || call.Output.Count > function.Output.Count)
            throw OnnxVizException.Input($"Node '{call.Name}' calls the function '{function.Name}' with more values than it takes or gives.");
        if ((_bytes += PerNode * (long)(function.Input.Count + call.Output.Count)) > MostBytes) throw TooMuch(call);
        var prefix = call.Name.Length > 0 ? call.Name : call.OpType;
        var names = new Dictionary<string, string> { [""] = "" };
        for (var i = 0; i < function.Input.Count; i++) names[function.Input[i]] = i < call.Input.Count ? call.Input[i] : "";
        var body = new List<NodeProto>();
        var taken = function.Input.ToHashSet();
        var arguments = call.Attribute.Concat(function.AttributeProto).GroupBy(a => a.Name).ToDictionary(g => g.Key, g => g.First());
        for (var i = 0; i < call.Output.Count; i++)
        {
            // A function may give back what it was given.
            var passed = taken.Contains(function.Output[i]);
            if (passed) body.Add(new NodeProto { OpType = "Identity", Input = { names[function.Output[i]] }, Output = { call.Output[i] } });
            else if (call.Output[i].Length > 0) names[function.Output[i]] = call.Output[i];
        }

        foreach (var node in function.Node) body.Add(Instance(node));
        return body;

        NodeProto Instance(NodeProto node)
        {
            var copy = new NodeProto { OpType = node.OpType, Domain = node.Domain, Overload = node.Overload, Name = node.Name, Input = { node.Input }, Output = { node.Output } };
            if (copy.Name.Length > 0) copy.Name = _names.Take($"{prefix}/{copy.Name}");
            for (var i = 0; i < copy.Input.Count; i++) copy.Input[i] = Local(copy.Input[i]);
            for (var i = 0; i < copy.Output.Count; i++) copy.Output[i] = Local(copy.Output[i]);
            copy.Attribute.Add(node.Attribute.Select(Argument).OfType<AttributeProto>());
            foreach (var attribute in copy.Attribute)
                if (attribute.G is not null && attribute.RefAttrName.Length == 0) Rename(attribute.G);
            _bytes += PerNode + copy.Name.Length + copy.Input.Sum(n => n.Length) + copy.Output.Sum(n => n.Length) + (PerNode * copy.Attribute.Count);
            if (_bytes > MostBytes) throw TooMuch(call);
            return copy;
        }

        AttributeProto? Argument(AttributeProto attribute)
        {
            // Only graphs are changed in a copy.
            if (attribute.RefAttrName.Length == 0) return attribute.G is null ? attribute : Charged(attribute);
            if (arguments.GetValueOrDefault(attribute.RefAttrName) is not { } given) return null;
            if (given.G is not null) throw OnnxVizException.Input($"Its function '{function.Name}' takes a graph as an argument, which is not supported.");
            if (given.Name == attribute.Name) return given;
            var copy = Charged(given);
            copy.Name = attribute.Name;
            return copy;
        }

        AttributeProto Charged(AttributeProto attribute)
        {
            if ((_bytes += BytesInMemory * (long)attribute.CalculateSize()) > MostBytes) throw TooMuch(call);
            return attribute.Clone();
        }

        void Rename(GraphProto graph)
        {
            foreach (var info in graph.Input.Concat(graph.Output).Concat(graph.ValueInfo)) info.Name = Local(info.Name);
            foreach (var tensor in graph.Initializer) tensor.Name = Local(tensor.Name);
            NodeProto[] nodes = [.. graph.Node];
            graph.Node.Clear();
            graph.Node.Add(nodes.Select(Instance));
        }

        string Local(string name) =>
            names.TryGetValue(name, out var known) ? known : names[name] = _names.Take($"{prefix}/{name}");
    }

    private static OnnxVizException TooMuch(NodeProto node) =>
        OnnxVizException.Input($"Its functions call each other too often (node '{node.Name}', {node.OpType}).");
}

using Google.Protobuf.Collections;
using OnnxViz.Onnx.Proto;
using AttributeKind = OnnxViz.Onnx.Proto.AttributeProto.Types.AttributeType;

namespace OnnxViz.Onnx;

/// <summary>Turns attributes into what <see cref="Node.Attributes"/> holds.</summary>
internal sealed class AttributeReader(TensorReader tensors, Func<GraphProto, Graph> subgraph)
{
    private readonly Dictionary<AttributeProto, object> _known = new(ReferenceEqualityComparer.Instance);

    /// <exception cref="OnnxVizException">An attribute is given twice.</exception>
    public Dictionary<string, object> Read(RepeatedField<AttributeProto> attributes)
    {
        var result = new Dictionary<string, object>();
        foreach (var attribute in attributes)
            if (!result.TryAdd(attribute.Name, Read(attribute)))
                throw OnnxVizException.Input($"attribute '{attribute.Name}' is given twice.");
        return result;
    }

    private object Read(AttributeProto attribute)
    {
        // Copies of a function's nodes share their attributes.
        if (attribute.G is not null) return Made(attribute);
        return _known.TryGetValue(attribute, out var known) ? known : _known[attribute] = Made(attribute);
    }

    private object Made(AttributeProto attribute)
    {
        try
        {
            if (attribute.RefAttrName.Length > 0)
                return new UnreadableAttribute($"'{attribute.Name}' refers to '{attribute.RefAttrName}' of a function, and there is none around it");
            return (attribute.Type == AttributeKind.Undefined ? Guess(attribute) : attribute.Type) switch
            {
                AttributeKind.Float => attribute.F,
                AttributeKind.Int => attribute.I,
                AttributeKind.String => attribute.S.ToStringUtf8(),
                AttributeKind.Tensor when attribute.T is not null => tensors.Read(attribute.T),
                AttributeKind.Graph when attribute.G is not null => subgraph(attribute.G),
                AttributeKind.Floats => attribute.Floats.ToArray(),
                AttributeKind.Ints => attribute.Ints.ToArray(),
                AttributeKind.Strings => attribute.Strings.Select(s => s.ToStringUtf8()).ToArray(),
                var kind => new UnreadableAttribute($"'{attribute.Name}' is of the kind {kind}, which is not read"),
            };
        }
        catch (OnnxVizException e)
        {
            return new UnreadableAttribute($"'{attribute.Name}' cannot be read: {e.Message}");
        }
    }

    /// <summary>The kind of an attribute as files of IR version 1 leave it: the field that is there.</summary>
    private static AttributeKind Guess(AttributeProto attribute) =>
        attribute.HasF ? AttributeKind.Float
        : attribute.HasI ? AttributeKind.Int
        : attribute.HasS ? AttributeKind.String
        : attribute.T is not null ? AttributeKind.Tensor
        : attribute.G is not null ? AttributeKind.Graph
        : attribute.Floats.Count > 0 ? AttributeKind.Floats
        : attribute.Strings.Count > 0 ? AttributeKind.Strings
        : AttributeKind.Ints;
}

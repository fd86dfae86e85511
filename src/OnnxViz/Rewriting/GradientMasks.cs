using System.Runtime.Intrinsics.X86;

namespace OnnxViz.Rewriting;

/// <summary>
/// Where(condition, gradient, 0), which ONNX Runtime's CPU kernel does on one thread and in three passes, as a product
/// with ones and zeros. Where the condition is that a ReLU behind a convolution is open, the ones and zeros come of the
/// ReLU's values by a convolution and a Clip: that is one pass, and stays in the blocked layout of the convolutions around it.
/// </summary>
/// <param name="hasOtherLayout">Of a convolution: whether its values are in no blocked layout.</param>
internal sealed class GradientMasks(Func<Node, bool> hasOtherLayout) : IRewrite
{
    /// <summary>Below it an operator takes longer to start than to run.</summary>
    private const long FewValues = 1 << 14;

    /// <summary>Channels that the blocked layouts of all processors divide.</summary>
    private const int Block = 16;

    /// <summary>
    /// A power of two: products with it are exact, so that its product with the least difference of two numbers around 6
    /// is far above 1, and that of 6 is finite.
    /// </summary>
    private static readonly float Steep = MathF.ScaleB(1, 120);

    private readonly FiniteValues _finite = new();
    private readonly Dictionary<(Value Condition, Value Gradient), Value> _taken = [];
    private readonly Dictionary<Value, Value> _masks = [];

    public Value? Of(Node node, GraphCopy copy)
    {
        if (node is not { OpType: "Where", Domain: "" } || node.Outputs[0] is not { Type: ElementType.Float, HasStaticShape: true } result) return null;
        var (condition, kept, other) = (node.Required(0), node.Required(1), node.Required(2));
        var takesRest = IsZero(kept);
        var gradient = takesRest ? other : kept;
        if (!(takesRest || IsZero(other)) || Shapes.Count(result.Dims) < FewValues) return null;
        if (!gradient.Dims!.SequenceEqual(result.Dims!) || !condition.Dims!.SequenceEqual(result.Dims!) || !_finite.Contains(gradient)) return null;
        if (takesRest)
            return _taken.TryGetValue((condition, gradient), out var taken) ? copy.Sub(copy[gradient], taken) : null;
        return _taken[(condition, gradient)] = copy.Mul(copy[gradient], MaskOf(condition, copy));
    }

    /// <summary>1 where the condition is true, 0 elsewhere.</summary>
    private Value MaskOf(Value condition, GraphCopy copy)
    {
        if (_masks.TryGetValue(condition, out var known)) return known;
        return _masks[condition] = Blocked(condition, copy) ?? copy.Cast(copy[condition], ElementType.Float);
    }

    private Value? Blocked(Value condition, GraphCopy copy) => !Avx2.IsSupported ? null : condition.Producer switch
    {
        { OpType: "Greater" } node when IsZero(node.Required(1)) && IsRectified(node.Required(0)) => Steps(copy, node.Required(0), Steep, 0),
        { OpType: "And" } node when Bounds(node) is var (y, high) => copy.Mul(Steps(copy, y, Steep, 0), Steps(copy, y, -Steep, high * Steep)),
        _ => null,
    };

    /// <summary>y > 0 and y &lt; high of the same y.</summary>
    private (Value Y, float High)? Bounds(Node and)
    {
        if (and.Required(0).Producer is not { OpType: "Greater" } above || and.Required(1).Producer is not { OpType: "Less" } below) return null;
        var y = above.Required(0);
        if (y != below.Required(0) || !IsZero(above.Required(1)) || below.Required(1).Constant is not { Count: 1, Type: ElementType.Float } bound) return null;
        // The products have to stay finite.
        return bound.ToFloats()[0] is var high and > 0 and <= 64 && IsRectified(y) ? (y, high) : null;
    }

    /// <summary>What a convolution's activation gives, which ONNX Runtime has in blocks of channels.</summary>
    private bool IsRectified(Value y) =>
        y is { Type: ElementType.Float, Rank: 4, HasStaticShape: true, Producer: { OpType: "Relu" or "Clip", Domain: "" } relu }
        && y.Dims![1] % Block == 0 && relu.Required(0).Producer is { OpType: "Conv" } conv && !(Winograd.Takes(conv) && hasOtherLayout(conv));

    /// <summary>min(1, max(0, slope y + offset)).</summary>
    private static Value Steps(GraphCopy copy, Value y, float slope, float offset)
    {
        var channels = y.Dims![1];
        var line = copy.Emit("Conv", [copy[y], All(slope, channels, 1, 1, 1), .. offset == 0 ? Array.Empty<Value>() : [All(offset, channels)]], ("group", channels));
        return copy.Emit("Clip", [line, copy.Scalar(0), copy.Scalar(1)]);

        Value All(float value, params long[] dims)
        {
            var values = new float[channels];
            Array.Fill(values, value);
            return copy.Builder.Constant(Tensor.Of(values, dims));
        }
    }

    private static bool IsZero(Value value) => value.Constant is { Count: 1, Type: ElementType.Float } constant && constant.ToFloats()[0] == 0;
}

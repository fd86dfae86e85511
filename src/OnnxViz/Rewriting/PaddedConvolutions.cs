namespace OnnxViz.Rewriting;

/// <summary>
/// Zeros that a Pad puts around what a convolution sees, as networks that were converted from TensorFlow have them, as the
/// convolution's own padding: no copy, and the values stay in the layout of the convolutions.
/// </summary>
internal sealed class PaddedConvolutions : IRewrite
{
    public Value? Of(Node node, GraphCopy copy)
    {
        if (node is not { OpType: "Conv", Domain: "" } || node.Text("auto_pad", "NOTSET") != "NOTSET" || node.Required(0) is not { Type: ElementType.Float, HasStaticShape: true } x) return null;
        if (x.Producer is not { OpType: "Pad", Domain: "" } pad || pad.Text("mode", "constant") != "constant" || pad.Input(3) is not null) return null;
        if (pad.Input(1)?.Constant?.ToLongs() is not { } around || Array.Exists(around, p => p < 0)) return null;
        if (pad.Input(2) is { } filler && filler.Constant?.ToFloats() is not [0]) return null;
        var rank = x.Rank;
        if (around[0] + around[1] + around[rank] + around[rank + 1] > 0) return null;
        long[] spatial = [.. around[2..rank], .. around[(rank + 2)..]];
        var own = node.Ints("pads") ?? new long[spatial.Length];
        var attributes = node.AttributesWithout("pads");
        attributes["pads"] = spatial.Zip(own, (a, b) => a + b).ToArray();
        Value?[] inputs = [copy[pad.Required(0)], .. node.Inputs.Skip(1).Select(i => i is null ? null : copy[i])];
        return copy.Builder.Node("Conv", inputs, attributes)[0];
    }
}

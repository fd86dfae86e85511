namespace OnnxViz.Graphs.Opsets;

/// <summary>Rewrites nodes of older opsets in the form of a newer one: attributes become inputs, and the like.</summary>
internal static class Upgrade
{
    public static Value[] AxesToInput(Conversion c) => c.Final(c.Node.OpType, [c.X(), c.Longs("axes")], c.Node.AttributesWithout("axes"));

    public static Value[] Clip(Conversion c)
    {
        return c.Final("Clip", [c.X(), Bound("min"), Bound("max")], c.Node.AttributesWithout("min", "max"));

        Value? Bound(string name) => c.Node.Has(name) ? c.Scalar(c.Node.Float(name, 0)) : null;
    }

    /// <summary>Whatever the exporter left of the training form: inference uses the stored statistics.</summary>
    public static Value[] BatchNormalization(Conversion c)
    {
        if (c.Node.Int("spatial", 1) == 0) throw c.Impossible("its statistics are per element (spatial=0), which went away in opset 9");
        return c.Final("BatchNormalization", c.Inputs, c.Node.AttributesWithout("spatial", "is_test", "consumed_inputs", "momentum", "training_mode"), 1);
    }

    /// <summary>Inference drops nothing, whatever mode the exporter left; the mask of old opsets is all ones.</summary>
    public static Value[] Dropout(Conversion c)
    {
        var kept = c.Node.Outputs.Length > 1 ? c.Equal(c.X(), c.X()) : null;
        Value[] result = c.Final("Identity", [c.X()], outputs: 1);
        return kept is null ? result : [result[0], kept];
    }

    public static Value[] GridSample(Conversion c)
    {
        var attributes = c.Node.AttributesWithout();
        attributes["mode"] = c.Node.Text("mode", "bilinear") switch
        {
            "bilinear" => "linear",
            "bicubic" => "cubic",
            var mode => mode,
        };
        return c.Final("GridSample", c.Inputs, attributes);
    }

    public static Value[] Pad(Conversion c)
    {
        var pads = c.Longs("pads") ?? c.Longs("paddings");
        var value = c.Node.Has("value") ? c.Scalar(c.Node.Float("value", 0)) : null;
        return c.Final("Pad", [c.X(), pads, value], c.Node.AttributesWithout("pads", "paddings", "value"));
    }

    public static Value[] PadOfAllAxes(Conversion c) => c.Input(3)?.Constant is { } axes && c.X().Dims is { } dims
        ? c.Final("Pad", [c.X(), c.PadsOfAllAxes(c.X(1), axes.ToLongs(), dims.Length), c.Input(2)], c.Node.AttributesWithout())
        : c.Final("Pad", c.Inputs, c.Node.AttributesWithout());

    /// <summary>Opset 10 knew no half pixels.</summary>
    public static Value[] RoiAlign(Conversion c)
    {
        var attributes = c.Node.AttributesWithout();
        attributes["coordinate_transformation_mode"] = "output_half_pixel";
        return c.Final("RoiAlign", c.Inputs, attributes);
    }

    public static Value[] Scatter(Conversion c) => c.Final("ScatterElements", c.Inputs, c.Node.AttributesWithout());

    public static Value[] Slice(Conversion c) =>
        c.Final("Slice", [c.X(), c.Longs("starts"), c.Longs("ends"), c.Longs("axes")], c.Node.AttributesWithout("starts", "ends", "axes"));

    /// <summary>Sizes went from attribute to input (13); without them the parts are equal, in a number that is now said (18).</summary>
    public static Value[] Split(Conversion c)
    {
        var attributes = c.Node.AttributesWithout("split");
        var sizes = c.Input(1) ?? c.Longs("split");
        if (sizes is null) attributes["num_outputs"] = (long)c.Node.Outputs.Length;
        return c.Final("Split", [c.X(), sizes], attributes);
    }

    public static Value[] TopK(Conversion c) =>
        c.Final("TopK", [c.X(), c.Builder.Longs(c.Node.Int("k", 1))], c.Node.AttributesWithout("k"));
}

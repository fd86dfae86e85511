namespace OnnxViz.Graphs.Opsets;

/// <summary>The forms of Resize before opset 13, and Upsample, which it replaced.</summary>
internal static class Resizes
{
    /// <summary>
    /// Upsample (scales as attribute up to opset 8, then as input) and Resize of opset 10: output i lies at i / scale,
    /// and the nearest element is the one before it, or when shrinking, the one behind (ONNX Runtime, upsample.h).
    /// </summary>
    public static Value[] Upsample(Conversion c)
    {
        var scales = c.Input(1)
            ?? (c.Node.Attributes.GetValueOrDefault("scales") is float[] given ? c.Builder.Constant(Tensor.Of(given, given.Length)) : null)
            ?? throw c.Impossible("its scales are missing");
        var attributes = c.Node.AttributesWithout("scales");
        if (attributes.GetValueOrDefault("mode") is "bilinear" or "trilinear") attributes["mode"] = "linear";
        attributes["coordinate_transformation_mode"] = "asymmetric";
        if (c.Node.Text("mode", "nearest") == "nearest")
        {
            var factors = scales.Constant?.ToFloats() ?? [];
            var shrinks = Array.Exists(factors, f => f < 1);
            if (shrinks && Array.Exists(factors, f => f > 1)) throw c.Impossible("it shrinks along one axis and grows along another");
            attributes["nearest_mode"] = shrinks ? "ceil" : "floor";
        }

        return c.Final("Resize", [c.X(), null, scales], attributes);
    }

    /// <summary>Opset 11 had empty tensors where today an input is left out, and one more way to count coordinates.</summary>
    public static Value[] Resize11(Conversion c)
    {
        var attributes = c.Node.AttributesWithout();
        var (roi, scales, sizes) = (c.Input(1), c.Input(2), c.Input(3));
        if (sizes is not null) scales = null;
        var crops = c.Node.Text("coordinate_transformation_mode", "half_pixel") == "tf_crop_and_resize";
        if (c.Node.Text("coordinate_transformation_mode", "half_pixel") == "tf_half_pixel_for_nn")
        {
            // floor((i + 0.5) / scale) is what rounding (i + 0.5) / scale - 0.5 with ties upwards gives.
            if (c.Node.Text("nearest_mode", "round_prefer_floor") != "floor" || c.Node.Text("mode", "nearest") != "nearest")
                throw c.Impossible("tf_half_pixel_for_nn is known for mode nearest with floor only");
            attributes["coordinate_transformation_mode"] = "half_pixel";
            attributes["nearest_mode"] = "round_prefer_ceil";
        }

        return c.Final("Resize", [c.X(), crops ? roi : null, scales, sizes], attributes);
    }
}

using OnnxViz.Imaging.Resample;

namespace OnnxViz.Models.Metadata;

/// <summary>
/// What timm and transformers say of pictures: a pretrained_cfg (mean, std, input_size, interpolation, crop_pct, crop_mode), or
/// image_mean, image_std, size, crop_size of a preprocessor_config.json.
/// </summary>
internal static class ImageConfig
{
    private const int LargestSide = 16384;

    private const int PillowBilinear = 2;

    /// <param name="value">Of the file or the metadata, read.</param>
    /// <param name="source">Where it stands.</param>
    /// <returns>Null where it says nothing of pictures.</returns>
    /// <exception cref="FormatException">Values of another form.</exception>
    public static InputDescription? Read(object? value, string source)
    {
        if (value is not Dictionary<object, object?> all) return null;
        var config = all.GetValueOrDefault("pretrained_cfg") as Dictionary<object, object?> ?? all;
        var labels = (all.GetValueOrDefault("label_names") ?? config.GetValueOrDefault("label_names") ?? all.GetValueOrDefault("id2label")) is { } names ? UltralyticsMetadata.Names(names) : null;
        var found = config.ContainsKey("mean") && config.ContainsKey("std") ? OfTimm(config, source)
            : config.ContainsKey("image_mean") || config.ContainsKey("image_std") ? OfTransformers(config, source)
            : labels is null ? null : new InputDescription { Source = source };
        return found is null ? null : found with { Labels = labels };
    }

    private static InputDescription OfTimm(Dictionary<object, object?> config, string source)
    {
        var input = config.GetValueOrDefault("test_input_size") ?? config.GetValueOrDefault("input_size");
        var size = input is null ? null : Literal.Numbers(input);
        if (size is not (null or { Length: 3 }) || size?.Any(s => s is < 1 or > LargestSide) == true) throw new FormatException("input_size has to be three numbers");
        var share = config.GetValueOrDefault("test_crop_pct") ?? config.GetValueOrDefault("crop_pct") ?? 0.875;
        if (share is not double kept || kept is <= 0 or > 4) throw new FormatException("crop_pct has to be a positive number");
        var whole = config.GetValueOrDefault("crop_mode") as string == "squash";
        return Statistics(config, "mean", "std", source) with
        {
            Channels = (int?)size?[0],
            Size = size is null ? null : ((int)size[1], (int)size[2]),
            // As timm has it: floor(size / crop_pct), and as much from the middle.
            ShortSide = whole || size is null ? null : (int)Math.Floor(Math.Max(size[1], size[2]) / Math.Min(kept, 1)),
            Filter = config.GetValueOrDefault("interpolation") as string == "bilinear" ? ResampleFilter.Bilinear : ResampleFilter.Bicubic,
        };
    }

    private static InputDescription OfTransformers(Dictionary<object, object?> config, string source)
    {
        var (resized, crop) = (Sides(config.GetValueOrDefault("size")), Sides(config.GetValueOrDefault("crop_size")));
        var crops = config.GetValueOrDefault("do_center_crop") is true && crop is not null;
        var found = config.GetValueOrDefault("do_normalize") is false
            ? new InputDescription { Source = source, IsBgr = false, Range = (0, 1) }
            : Statistics(config, "image_mean", "image_std", source);
        return found with
        {
            Range = config.GetValueOrDefault("do_rescale") is false ? (0, 255) : (0, 1),
            Size = crops ? crop : resized,
            ShortSide = crops && resized is var (h, w) ? Math.Min(h, w) : null,
            Filter = config.GetValueOrDefault("resample") is (double)PillowBilinear ? ResampleFilter.Bilinear : ResampleFilter.Bicubic,
        };
    }

    private static InputDescription Statistics(Dictionary<object, object?> config, string mean, string std, string source)
    {
        var (middle, spread) = (Literal.Numbers(config.GetValueOrDefault(mean)), Literal.Numbers(config.GetValueOrDefault(std)));
        if (middle.Length != spread.Length || spread.Any(s => s <= 0)) throw new FormatException($"{mean} and {std} have to be as many numbers, those of {std} positive");
        return new() { Source = source, IsBgr = false, Range = (0, 1), Mean = middle, Std = spread, Channels = middle.Length > 1 ? middle.Length : null };
    }

    private static (int Height, int Width)? Sides(object? value) => value switch
    {
        null => null,
        double side => Checked(side, side),
        Dictionary<object, object?> sides when sides.GetValueOrDefault("height") is double h && sides.GetValueOrDefault("width") is double w => Checked(h, w),
        Dictionary<object, object?> sides when sides.GetValueOrDefault("shortest_edge") is double edge => Checked(edge, edge),
        _ => throw new FormatException("size has to be one side, or height and width"),
    };

    private static (int Height, int Width) Checked(double height, double width) => height is >= 1 and <= LargestSide && width is >= 1 and <= LargestSide
        ? ((int)height, (int)width)
        : throw new FormatException($"a side is not within 1 and {LargestSide} pixels");
}

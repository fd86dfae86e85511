namespace OnnxViz.Models;

/// <summary>Between 8-bit pictures, RGB planes in 0..1 and a model's input.</summary>
internal static class Pictures
{
    /// <summary>Share of the numbers of a projection that lies within the ends of its scale.</summary>
    private const double ProjectionPercentile = 99.5;

    /// <summary>[3, H, W] in 0..1.</summary>
    public static float[] ToPlanes(Image image)
    {
        var size = image.Width * image.Height;
        var planes = new float[3 * size];
        for (var i = 0; i < size; i++)
            for (var c = 0; c < 3; c++) planes[(c * size) + i] = image.Pixels[(3 * i) + c] / 255f;
        return planes;
    }

    /// <summary>From [3, H, W] in 0..1, clamped, rounded to the nearest of 256 levels.</summary>
    public static Image FromPlanes(ReadOnlySpan<float> planes, int width, int height)
    {
        var image = new Image(width, height);
        var size = width * height;
        for (var i = 0; i < size; i++)
            for (var c = 0; c < 3; c++) image.Pixels[(3 * i) + c] = (byte)((Math.Clamp(planes[(c * size) + i], 0, 1) * 255) + 0.5f);
        return image;
    }

    /// <summary>From a row of the model's input: a picture clamped to the range that pictures have, anything else as <see cref="InputView"/> shows it.</summary>
    public static Image FromInput(ReadOnlySpan<float> input, PictureConventions conventions, int width, int height) =>
        FromInput(input, conventions, new InputLayout(conventions.Axes, conventions.Channels, conventions.Depth, height, width));

    /// <inheritdoc cref="FromInput(ReadOnlySpan{float}, PictureConventions, int, int)"/>
    public static Image FromInput(ReadOnlySpan<float> input, PictureConventions conventions, InputLayout layout) => conventions.IsShownWhole
        ? FromPlanes(ToPlanes(input, conventions), layout.Width, layout.Height)
        : InputView.Of(layout, conventions.Shown).Draw(input);

    /// <summary>A picture at the model's size with those of its parts that are asked for.</summary>
    public static Image FromFramed(Image framed, PictureConventions conventions) => conventions.IsShownWhole || conventions.Shown.IsAll
        ? framed
        : FromInput(conventions.ToTensor(framed).As<float>(), conventions, framed.Width, framed.Height);

    /// <summary>RGB planes, black at 0 and white at 1, from a row of the model's input; of what is no picture all its planes on that scale.</summary>
    public static float[] ToPlanes(ReadOnlySpan<float> input, PictureConventions conventions)
    {
        if (!conventions.HasRgb) return Levels(input, conventions);
        var size = input.Length / conventions.Channels;
        var planes = new float[3 * size];
        for (var c = 0; c < conventions.Channels; c++)
        {
            var rgb = conventions.RgbOrder[c];
            for (var i = 0; i < size; i++)
            {
                var x = input[conventions.At(c, i, size)];
                planes[(rgb * size) + i] = conventions.Decoded(((x * conventions.Std[c]) + conventions.Mean[c] - conventions.Low) / (conventions.High - conventions.Low));
            }
        }

        if (conventions.Channels == 1)
            for (var c = 1; c < 3; c++) planes.AsSpan(0, size).CopyTo(planes.AsSpan(c * size));
        return planes;
    }

    /// <summary>
    /// From signed numbers in the shape and layout of a row of the model's input, as gradients and projections are: every
    /// channel as its colour, the range's middle as a middle gray.
    /// </summary>
    public static Image FromSigned(ReadOnlySpan<float> row, PictureConventions conventions, int width, int height, MapRange range)
    {
        var image = new Image(width, height);
        for (var rgb = 0; rgb < 3; rgb++)
        {
            var channel = conventions.Channels == 1 ? 0 : Array.IndexOf(conventions.RgbOrder, rgb);
            for (var i = 0; i < width * height; i++)
            {
                var value = row[conventions.At(channel, i, width * height)];
                image.Pixels[(3 * i) + rgb] = (byte)((range.Normalize(value) * 255) + 0.5f);
            }
        }

        return image;
    }

    /// <summary>
    /// A deconvnet's projection of one activation around a middle gray, as the paper shows projections, on a scale of its own: that
    /// of the field, which is where it is not zero.
    /// </summary>
    /// <param name="row">In the shape and layout of a row of the model's input.</param>
    /// <param name="c">The model's conventions.</param>
    /// <param name="width">Of the row, in pixels.</param>
    /// <param name="height">Of the row, in pixels.</param>
    /// <param name="field">What the activation sees.</param>
    public static Image FromProjection(ReadOnlySpan<float> row, PictureConventions c, int width, int height, PixelBox field)
    {
        var values = new float[c.Channels * field.Width * field.Height];
        var next = 0;
        for (var k = 0; k < c.Channels; k++)
        {
            for (var y = field.Y; y < field.Y + field.Height; y++)
            {
                for (var x = field.X; x < field.X + field.Width; x++) values[next++] = row[c.At(k, (y * width) + x, width * height)];
            }
        }

        return FromSigned(row, c, width, height, MapRange.Symmetric(values, ProjectionPercentile));
    }

    /// <summary>[N, 3, H, W] in 0..1 to the model's input, as a 1x1 convolution: colour order, range, mean and deviation. Of what is no picture all planes.</summary>
    public static Value ToModelInput(IEmitter e, Value picture, PictureConventions conventions)
    {
        using var scope = e.Builder.Scope("preprocess");
        var gains = Array.ConvertAll(conventions.Std, std => (conventions.High - conventions.Low) / std);
        float[] bias = [.. conventions.Mean.Zip(conventions.Std, (mean, std) => (conventions.Low - mean) / std)];
        if (!conventions.HasRgb) return e.FromPlanes(e.Add(e.Mul(picture, e.PerPlane(gains, conventions.Layout)), e.PerPlane(bias, conventions.Layout)), conventions.Layout);
        var weight = new float[conventions.Channels * 3];
        for (var c = 0; c < conventions.Channels; c++)
        {
            if (conventions.Channels == 1) (weight[0], weight[1], weight[2]) = (0.299f * gains[c], 0.587f * gains[c], 0.114f * gains[c]);
            else weight[(c * 3) + conventions.RgbOrder[c]] = gains[c];
        }

        var x = e.Emit(
            "Conv",
            [picture, e.Builder.Constant(Tensor.Of(weight, conventions.Channels, 3, 1, 1)), e.Builder.Constant(Tensor.Of(bias, conventions.Channels))],
            ("kernel_shape", new long[] { 1, 1 }));
        return e.FromPlanes(x, conventions.Layout);
    }

    private static float[] Levels(ReadOnlySpan<float> input, PictureConventions c)
    {
        var planes = InputPlanes.ToPlanes(input, c.Layout);
        var size = planes.Length / c.Layout.Planes;
        for (var i = 0; i < planes.Length; i++)
        {
            var channel = i / size / c.Depth;
            planes[i] = ((planes[i] * c.Std[channel]) + c.Mean[channel] - c.Low) / (c.High - c.Low);
        }

        return planes;
    }
}

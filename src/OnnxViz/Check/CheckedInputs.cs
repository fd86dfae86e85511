namespace OnnxViz.Check;

/// <summary>Inputs at which to check gradients.</summary>
internal static class CheckedInputs
{
    /// <summary>Deviation of what is added to given inputs, relative to their size.</summary>
    private const double Disturbance = 0.1;

    private const ulong Stream = 0x696e7075_74000000;

    /// <summary>Pictures whose values are uniformly random, as the model's input.</summary>
    /// <param name="conventions">What the model expects.</param>
    /// <param name="count">How many.</param>
    /// <param name="seed">Seed of the random pictures.</param>
    public static Tensor Noise(PictureConventions conventions, int count, ulong seed)
    {
        var random = new CounterRandom(seed, Stream);
        var dims = conventions.InputDims(count, conventions.Height, conventions.Width);
        var numbers = new float[Shapes.Count(dims)];
        var layout = InputLayout.Of(conventions.Axes, dims);
        for (var i = 0; i < numbers.Length; i++)
        {
            var c = layout.ChannelAt(i % layout.Size);
            numbers[i] = (float)((random.Uniform(conventions.Low, conventions.High) - conventions.Mean[c]) / conventions.Std[c]);
        }

        return Tensor.Of(numbers, dims);
    }

    /// <summary>As many of the given inputs as wanted; when they run out, again with some noise.</summary>
    public static Tensor Around(Tensor given, int count, ulong seed)
    {
        var rows = (int)given.Dims[0];
        if (count <= rows) return Tensors.Rows(given, 0, count);
        var random = new CounterRandom(seed, Stream);
        return Tensors.Stack([.. Enumerable.Range(0, count).Select(i =>
        {
            var row = Tensors.Rows(given, i % rows, 1);
            return i < rows ? row : Vectors.Moved(row, Vectors.Gaussian(random, row.Count, Disturbance * Vectors.Scale(row.ToFloats())), 1);
        })]);
    }
}

namespace OnnxViz.Models.Batches;

/// <summary>
/// How much goes through a network at once. Rows depend on the model and the kind of device alone, so that results are equal on
/// all machines that have the memory; where there is less, rows are fewer. A GPU's memory is what is free of it.
/// </summary>
/// <param name="kind">Of the device.</param>
/// <param name="memory">Of the device, in bytes.</param>
internal sealed class BatchPlan(DeviceKind kind, long memory)
{
    /// <summary>Of the memory, for the activations of one batch; the rest is for weights, the runtime and other programs.</summary>
    private const double Share = 0.5;

    /// <summary>
    /// Bytes for variants of a picture; more win no time. On a CPU several pictures at a time win only what starting an operator
    /// costs, and lose more where their activations leave its caches.
    /// </summary>
    private const double VariantsOnCpu = 24e6, VariantsOnGpu = 4e9;

    private const int MostVariantsOnCpu = 16, MostVariantsOnGpu = 128;

    /// <summary>Bytes for pictures that go forward and backward together.</summary>
    private const double GradientsOnCpu = 3L << 30, GradientsOnGpu = 16e9;

    /// <summary>From here on a GPU is busy.</summary>
    private const int MostGradientsOnGpu = 128;

    /// <summary>Pictures that are optimised together on a CPU: more cost memory, and time as well, unless activations are small.</summary>
    private const int FewOnCpu = 4;

    /// <summary>Bytes of the largest activation of a batch on a CPU: about what the caches hold.</summary>
    private const double Cached = 2e6;

    /// <summary>Multiplications of one convolution on a CPU, a quarter to half a second: a run can be ended between two nodes only.</summary>
    private const double MostWork = 24e9;

    /// <summary>Asks the device for its memory.</summary>
    public static BatchPlan For(Device device) => new(device.Kind, DeviceMemory.Of(device));

    /// <summary>Bytes that a batch may take.</summary>
    /// <param name="enough">No more is taken, whatever there is.</param>
    public long Room(double enough) => (long)Math.Min(enough, Share * memory);

    /// <summary>Pictures that only go forward.</summary>
    /// <param name="activations">For one picture.</param>
    /// <param name="onCpu">More rows win no time there.</param>
    /// <param name="onGpu">More rows win no time there.</param>
    public int Pictures(IEnumerable<Value> activations, int onCpu, int onGpu) =>
        Rows(double.PositiveInfinity, Forward(activations), kind == DeviceKind.Cuda ? onGpu : onCpu);

    /// <summary>The same of a network, which may hold the number itself.</summary>
    /// <param name="one">For one picture.</param>
    /// <inheritdoc cref="Pictures(IEnumerable{Value}, int, int)"/>
    public int Pictures(ShapedModel one, int onCpu, int onGpu) => one.Rows ?? Pictures(one.Activations, onCpu, onGpu);

    /// <summary>The same of a whole network; one by one where it cannot be followed to its end.</summary>
    /// <param name="model">The network.</param>
    /// <param name="inputDims">Of its input; their number of rows is of no effect.</param>
    /// <param name="most">More rows win no time.</param>
    public int Pictures(VisionModel model, long[] inputDims, int most) =>
        ShapedModel.Whole(model, [1, .. inputDims[1..]]) is { } one ? Pictures(one, most, most) : 1;

    /// <summary>Variants of a picture, in runs of nearly the same size.</summary>
    /// <param name="activations">For one picture.</param>
    /// <param name="hasGradient">Whether activations are kept for the way back.</param>
    /// <param name="count">How many there are.</param>
    public int Variants(IEnumerable<Value> activations, bool hasGradient, int count)
    {
        var (bytes, most) = kind == DeviceKind.Cuda ? (VariantsOnGpu, MostVariantsOnGpu) : (VariantsOnCpu, MostVariantsOnCpu);
        return Even(count, Rows(bytes, hasGradient ? ThereAndBack(activations) : Forward(activations), most));
    }

    /// <summary>The same of a network, which may hold the number itself.</summary>
    /// <param name="one">For one picture.</param>
    /// <inheritdoc cref="Variants(IEnumerable{Value}, bool, int)"/>
    public int Variants(ShapedModel one, bool hasGradient, int count) => one.Rows ?? Variants(one.Activations, hasGradient, count);

    /// <summary>Pictures that go forward and backward: to be optimised, or projected back.</summary>
    /// <param name="activations">For one picture.</param>
    /// <param name="count">How many there are.</param>
    /// <param name="views">Rows of each picture.</param>
    public int Optimized(IReadOnlyCollection<Value> activations, int count, int views = 1)
    {
        if (kind == DeviceKind.Cuda) return Rows(GradientsOnGpu, views * ThereAndBack(activations), Even(count, Math.Max(1, MostGradientsOnGpu / views)));
        var work = MostWork / Math.Max(1, views * activations.Select(Work).DefaultIfEmpty(0).Max());
        var cached = Math.Max(FewOnCpu, Cached / Math.Max(1, views * Sizes(activations).DefaultIfEmpty(0).Max()));
        return Even(count, Rows(GradientsOnCpu, views * ThereAndBack(activations), (int)Math.Clamp(Math.Min(work, cached), 1, count)));
    }

    /// <summary>The same of a network, which may hold the number itself.</summary>
    /// <param name="one">For one picture.</param>
    /// <inheritdoc cref="Optimized(IReadOnlyCollection{Value}, int, int)"/>
    public int Optimized(ShapedModel one, int count, int views = 1) =>
        one.Rows is { } rows ? Math.Clamp(rows / views, 1, count) : Optimized(one.Activations, count, views);

    /// <summary>A batch of at most so many rows that the last one is not nearly empty.</summary>
    public static int Even(int count, int most)
    {
        var runs = (count + most - 1) / most;
        return (count + runs - 1) / runs;
    }

    private int Rows(double enough, double bytes, int most) => (int)Math.Clamp(Math.Floor(Room(enough) / Math.Max(bytes, 1)), 1, most);

    /// <summary>Forward alone, ONNX Runtime lets go of what is used up.</summary>
    private static double Forward(IEnumerable<Value> activations) => 4 * Sizes(activations).DefaultIfEmpty(1).Max();

    /// <summary>Every activation once forward, and about as much again backward.</summary>
    private static double ThereAndBack(IEnumerable<Value> activations) => 2 * Sizes(activations).Sum();

    /// <summary>Multiplications of the convolution that computes a value: for each of its elements one for each number of a kernel [C / group, kernel..].</summary>
    private static double Work(Value value) => value is { HasStaticShape: true, Producer: { OpType: "Conv", Domain: "" } node } && Shapes.IsStatic(node.Input(1)?.Dims)
        ? (double)Shapes.Count(value.Dims) * Shapes.Count(node.Input(1)!.Dims!.AsSpan(1))
        : 0;

    private static IEnumerable<double> Sizes(IEnumerable<Value> activations) =>
        activations.Where(v => v.HasStaticShape).Select(v => (double)sizeof(float) * Shapes.Count(v.Dims));
}

using System.Collections.Immutable;
using OnnxViz.Options;

namespace OnnxViz.Saliency;

/// <summary>How a score is traced back to the picture. Methods of one family are listed together.</summary>
public enum SaliencyFamily
{
    /// <summary>One gradient of the score with respect to the input.</summary>
    Gradient,

    /// <summary>A statistic of the gradients at many inputs.</summary>
    ManyGradients,

    /// <summary>A weighted sum of a layer's maps.</summary>
    LayerMap,

    /// <summary>The scores of a picture that is covered in parts.</summary>
    Perturbation,
}

/// <summary>How a method's authors show its result.</summary>
public enum SaliencyLook
{
    /// <summary>The largest absolute value over the channels: how much.</summary>
    Absolute,

    /// <summary>The sum over the channels: for and against.</summary>
    Signed,

    /// <summary>Each channel as its colour around a middle gray.</summary>
    Color,

    /// <summary>A coarse map over the picture: where.</summary>
    Heat,
}

/// <param name="Authors">Such as "Simonyan et al.".</param>
/// <param name="Year">Of its publication.</param>
public readonly record struct Paper(string Authors, int Year)
{
    public override string ToString() => $"{Authors} {Year}";
}

/// <summary>
/// One way to trace a score back to the picture; the properties of a derived record marked with <see cref="OptionAttribute"/>
/// are its options. The methods of this library are in the namespace OnnxViz.Saliency.Methods. To add one, derive a record and
/// pass an instance; <see cref="Register"/> makes it known by its word as well.
/// </summary>
/// <param name="Word">What the method is called in text, such as "grad-cam++".</param>
/// <param name="Summary">One sentence, with the formula where there is a short one.</param>
/// <param name="Paper">Where it comes from.</param>
public abstract record SaliencyMethod(string Word, string Summary, Paper Paper)
{
    private static readonly Lazy<ImmutableList<SaliencyMethod>> BuiltIn = new(() => Ordered(typeof(SaliencyMethod).Assembly.GetTypes()
        .Where(t => t.IsSubclassOf(typeof(SaliencyMethod)) && !t.IsAbstract)
        .Select(t => (SaliencyMethod)Activator.CreateInstance(t)!)));

    private static ImmutableList<SaliencyMethod> _registered = [];

    /// <summary>Every known method with its defaults: by family, the oldest paper first.</summary>
    public static IReadOnlyList<SaliencyMethod> All => _registered is { Count: > 0 } more ? Ordered(BuiltIn.Value.AddRange(more)) : BuiltIn.Value;

    public abstract SaliencyFamily Family { get; }

    public abstract SaliencyLook Look { get; }

    /// <summary>Whether the attribution is a map of a layer, [N, 1, h, w], and not in the shape of the input.</summary>
    public virtual bool IsLayerMap => false;

    /// <summary>Whether the network runs many times for each picture.</summary>
    public virtual bool RunsOften => Family is SaliencyFamily.ManyGradients or SaliencyFamily.Perturbation;

    /// <summary>Where noise, masks and crops start; of no effect on methods without them.</summary>
    public ulong Seed { get; init; }

    /// <summary>Makes a method known by its word, next to those of this library.</summary>
    /// <returns>Disposing it takes the method out again.</returns>
    /// <exception cref="ArgumentException">There is a method of that word.</exception>
    public static IDisposable Register(SaliencyMethod method)
    {
        ArgumentNullException.ThrowIfNull(method);
        ImmutableInterlocked.Update(ref _registered, known => BuiltIn.Value.Concat(known).Any(m => m.Word == method.Word)
            ? throw new ArgumentException($"There is a saliency method '{method.Word}' already.", nameof(method))
            : known.Add(method));
        return new Registration(method);
    }

    /// <param name="word">Of a known method, in whatever case.</param>
    /// <returns>It, with its defaults.</returns>
    /// <exception cref="OnnxVizException">There is no such method; the message lists those that there are.</exception>
    public static SaliencyMethod Parse(string word) => Parse(word, "Method");

    /// <param name="word">Likewise.</param>
    /// <param name="argument">The property or parameter that the word is meant for.</param>
    /// <inheritdoc cref="Parse(string)"/>
    public static SaliencyMethod Parse(string word, string argument) => Words.Choose(argument, word, [.. All.Select(m => (m.Word, m))]);

    public sealed override string ToString() => Word;

    /// <summary>Refuses, before anything runs, options that do not fit the model or the size of its input.</summary>
    /// <param name="model">The network.</param>
    /// <param name="inputDims">[N, C, H, W] or [N, H, W, C].</param>
    /// <exception cref="OnnxVizException">Such an option.</exception>
    public virtual void Check(VisionModel model, long[] inputDims)
    {
        OptionTable.Check(this);
        foreach (var option in OptionTable.Of(GetType())) (option.Get(this) as Baseline)?.Check(model, inputDims);
    }

    /// <summary>Explains each row of the task's input by itself.</summary>
    /// <exception cref="OnnxVizException">The score has no gradient, or the layer does not exist.</exception>
    /// <exception cref="OperationCanceledException">The task's token asked for it.</exception>
    public abstract SaliencyResult Explain(SaliencyTask task);

    /// <summary>What the method itself knows of a row of its result that a reader has to know.</summary>
    internal virtual IEnumerable<Caveat> CaveatsOf(SaliencyTask task, SaliencyResult result, int row) => [];

    private static ImmutableList<SaliencyMethod> Ordered(IEnumerable<SaliencyMethod> methods) =>
        [.. methods.OrderBy(m => m.Family).ThenBy(m => m.Paper.Year).ThenBy(m => m.Word, StringComparer.Ordinal)];

    private sealed class Registration(SaliencyMethod method) : IDisposable
    {
        public void Dispose() => ImmutableInterlocked.Update(ref _registered, known => known.Remove(method));
    }
}

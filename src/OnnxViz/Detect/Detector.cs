namespace OnnxViz.Detect;

/// <summary>
/// A network that finds objects. What its last tensors mean is recognised by their shapes and names: YOLOv5 to v12, SSD, DETR and RT-DETR, end-to-end heads,
/// TensorFlow's detection outputs, and what stands in front of a NonMaxSuppression. The boxes are decoded here, outside the graph.
/// </summary>
public sealed class Detector : IDisposable
{
    private readonly VisionModel _model;
    private readonly DetectionHead _head;
    private readonly Lock _gate = new();

    /// <summary>The network ready for pictures of one size: most come in one.</summary>
    private (long[] Dims, RuntimeOptions Runtime, string Input, Session Session)? _open;

    private Detector(VisionModel model, DetectionHead head) => (_model, _head) = (model, head);

    /// <summary>What was recognised, in a line: "output0 [1,84,8400] is read as ...".</summary>
    public string Description => $"{string.Join(" and ", Shown.Select(v => $"'{v.Name}'"))} of {_model.Name} {(Shown.Count() == 1 ? "is" : "are")} read as {_head.Kind}: "
        + $"{_head.Anchors} boxes{(_head.Classes is { } classes ? $", {classes} scores of classes each" : ", each with its class")}";

    /// <summary>How many scores an anchor has, a background's included; null where the network tells only which class it has chosen.</summary>
    public int? Classes => _head.Classes;

    /// <summary>The network with a name for each of an anchor's scores: lists of names may leave the background out.</summary>
    internal VisionModel Named => _head is PairHead { Unnamed: { } at } && _model.Labels is { } labels
        ? _model.WithLabels([.. labels.Take(at), "background", .. labels.Skip(at)], _model.LabelSource)
        : _model;

    /// <summary>Whether of boxes of one class that overlap all but the highest are dropped here; others the network itself gives once.</summary>
    public bool Suppresses => _head.Suppresses;

    /// <summary>Whether shapes and names leave no doubt that it is a detector.</summary>
    public bool IsSure => _head.IsSure;

    private IEnumerable<Value> Shown => _head is ChosenHead chosen ? _head.Values.Where(v => v != chosen.Source) : _head.Values;

    /// <param name="model">The network.</param>
    /// <returns>Null where no outputs are recognised as boxes.</returns>
    public static Detector? Find(VisionModel model)
    {
        ArgumentNullException.ThrowIfNull(model);
        var c = model.Conventions;
        return new HeadSearch(model, c.InputDims(1, c.Height, c.Width)).Find() is { } head ? new Detector(model, head) : null;
    }

    /// <inheritdoc cref="Find"/>
    /// <exception cref="OnnxVizException">No outputs are recognised as boxes.</exception>
    public static Detector Of(VisionModel model) => Find(model) ?? throw OnnxVizException.Input(
        $"{model.Name} has no outputs that are known as boxes ({string.Join(", ", model.Graph.Outputs)}); explain a unit of a layer at a position instead, such as 25@14,20.", argument: "Score");

    /// <summary>The detector, where its boxes are what the network is for; null of classifiers and where there is a doubt.</summary>
    internal static Detector? InPlaceOfClasses(VisionModel model)
    {
        var mayBe = ClassOutput.Find(model) is not { Dims.Length: 2 } || model.Graph.Outputs.Count > 1;
        return mayBe && Find(model) is { IsSure: true } found ? found : null;
    }

    /// <summary>The boxes of a picture, highest first.</summary>
    /// <param name="input">One row: [1, C, H, W] or [1, H, W, C].</param>
    /// <param name="options">How they are chosen; null for the defaults.</param>
    /// <param name="minus">For their targets: a class whose score at the same anchor is subtracted.</param>
    /// <param name="runtime">Where the network runs; null for the default.</param>
    /// <param name="token">Stops within the run.</param>
    /// <exception cref="OnnxVizException">A class that there is not, or numbers that are not finite.</exception>
    /// <exception cref="OperationCanceledException">The token asked for it.</exception>
    public IReadOnlyList<DetectedBox> Boxes(Tensor input, DetectOptions? options = null, int? minus = null, RuntimeOptions? runtime = null, CancellationToken token = default)
    {
        ArgumentNullException.ThrowIfNull(input);
        options ??= new DetectOptions();
        foreach (var number in new[] { options.Class, minus })
            if (number is { } given) CheckClass(given);
        var (width, height) = InputLayout.Of(_model.Conventions.Axes, input.Dims) is var layout ? (layout.Width, layout.Height) : default;
        var values = Run(input, runtime ?? RuntimeOptions.Default, token);
        var candidates = _head.Read(values, width, height);
        return [.. candidates.Chosen(options, _head.Suppresses).Select(b => new DetectedBox(b.Class, b.Score, candidates.Areas[b.Anchor], _head.Target(values, b.Anchor, b.Class, minus)))];
    }

    /// <exception cref="OnnxVizException">There is no class of that number.</exception>
    public void CheckClass(int number)
    {
        if (number < 0 || number >= Classes) throw OnnxVizException.Input($"{_model.Name} has no class {number}: its {Classes} classes are 0 to {Classes - 1}.", argument: "Class");
    }

    public void Dispose()
    {
        _open?.Session.Dispose();
        _open = null;
    }

    private Tensor[] Run(Tensor input, RuntimeOptions runtime, CancellationToken token)
    {
        IReadOnlyDictionary<string, Tensor> results;
        lock (_gate)
        {
            if (_open is not var (dims, under, name, session) || under != runtime || !dims.AsSpan().SequenceEqual(input.Dims)) (_, _, name, session) = Open(input.Dims, runtime);
            results = session.Run(new Dictionary<string, Tensor> { [name] = input }, token);
        }

        Tensor[] values = [.. _head.Values.Select((_, i) => results[$"detected_{i}"])];
        foreach (var (value, tensor) in _head.Values.Zip(values))
        {
            if (Array.TrueForAll(tensor.ToFloats(), float.IsFinite)) continue;
            throw OnnxVizException.Input($"'{_model.Layers.NameOf(value)}' of {_model.Name} holds numbers that are not finite for this picture.");
        }

        return values;
    }

    private (long[] Dims, RuntimeOptions Runtime, string Input, Session Session) Open(long[] dims, RuntimeOptions runtime)
    {
        Dispose();
        var forward = ShapedModel.Start(_model, dims, [.. _head.Values]);
        foreach (var (i, value) in _head.Values.Index()) forward.Builder.Output($"detected_{i}", forward[value]);
        var made = (dims, runtime, forward.Input.Name, new Session(forward.Builder.Build(), runtime));
        _open = made;
        return made;
    }
}

namespace OnnxViz.Cli.Shared;

/// <summary>--size, --mean and the others of <see cref="ConventionOptions"/>: what a model expects of pictures.</summary>
internal static class Conventions
{
    public static IEnumerable<BoundOption> Bound => Binding.Of(new ConventionOptions());

    /// <summary>The model under the conventions that it is known for, or that were asked for.</summary>
    /// <param name="model">As it was loaded.</param>
    /// <param name="verb">With the options.</param>
    /// <param name="output">Told what was assumed of a model that is in no catalogue.</param>
    /// <exception cref="OnnxVizException">Options that do not fit it.</exception>
    public static VisionModel Under(this VisionModel model, VerbOptions verb, Output output)
    {
        var c = verb.Onto(new ConventionOptions()).Of(model);
        if (model.Checkpoint is not null && verb.ModelName != model.Name) output.Note($"{verb.ModelName} is {model.Name}: -m {model.Name} names it whatever is trained later.");
        if (model.MetadataFault is { } fault) output.Note($"{model.Name}: {fault}.");
        var words = $"{(c.Channels == 1 ? "gray" : c.Bgr ? "BGR" : "RGB")}, range {c.Low},{c.High}, mean {string.Join(',', c.Mean)}, std {string.Join(',', c.Std)}, {c.Height}x{c.Width}";
        if (model.IsSelfDescribed) output.Note($"{model.Name}: {words}, from the model's own metadata.");
        else if (!model.IsDescribed) output.Note($"{model.Name} is no known model: taken as {words} (--color, --range, --mean, --std, --size say otherwise).");
        var taken = model.With(c);
        OtherInputs.Tell(taken, output);
        return taken;
    }
}

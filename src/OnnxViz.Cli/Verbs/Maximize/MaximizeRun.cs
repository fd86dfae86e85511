using OnnxViz.Optimize.Transforms;

namespace OnnxViz.Cli.Verbs.Maximize;

/// <summary>A variant for one model, at the size at which its pictures are found.</summary>
/// <param name="Variant">With the size.</param>
/// <param name="Model">Under the conventions for the size.</param>
/// <param name="Targets">What is maximised.</param>
internal sealed record MaximizeRun(Variant Variant, VisionModel Model, IReadOnlyList<Target> Targets)
{
    public static MaximizeRun Of(MaximizeVerb verb, Variant variant, VisionModel model)
    {
        var options = variant.Options;
        var (height, width) = verb.Onto(new ConventionOptions()).Size is { } size ? (size.Height, size.Width) : model.FixedSize ?? (options.Height, options.Width);
        if (model.Conventions.Axes.IsSignal()) height = 1;
        // They are moves in a picture: over the edges of a slice, and off the one line of a signal.
        if (!model.Conventions.Axes.IsPicture() && verb.Given().All(g => g.Name != "transforms")) options = options with { Transforms = Transforms.None };
        options = options with { Height = height, Width = width, FramesEvery = FrameFiles.Every(verb, options.Steps * options.Octaves) };
        var sized = model.With(model.Conventions with { Height = height, Width = width });
        return new(variant with { Options = options }, sized, Maximize.Targets.Of(verb, options, sized));
    }
}

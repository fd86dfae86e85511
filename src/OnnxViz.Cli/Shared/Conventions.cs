using System.Globalization;
using OnnxViz.Options;

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
        model = verb.Onto(new LabelOptions()).Named(model);
        if (!model.IsDescribed && verb.Expected is { } expected) model = model.With(AsTold(model, expected));
        var c = verb.Onto(new ConventionOptions()).Of(model) with { Shown = verb.Onto(new ShownParts()) };
        TellName(model, verb, output);
        if (model.MetadataFault is { } fault) output.Note($"{model.Name}: {fault}.");
        if (model.InputNote is { } found) output.Note($"{model.Name}: {found} (--layout says otherwise).");
        var words = Taken(c);
        if (model.Source is { } source) output.Note($"{model.Name}: {words}, from {source}.");
        else if (!model.IsDescribed) output.Note($"{model.Name} is no known model: taken as {words} (--color, --range, --mean, --std, --size say otherwise).");
        if (model.LabelSource is { } labels) output.Note($"{model.Name}: the names of its {model.Labels!.Count} classes are from {labels}.");
        if (c.Shown.Channels is null && ViewPanel.Told(InputLayout.Of(c.Axes, c.InputDims(1))) is { } shown && verb.Offers<ShownParts>()) output.Note($"{model.Name}: {shown} (--channels).");
        var taken = model.With(c);
        OtherInputs.Tell(taken, output);
        return taken;
    }

    /// <summary>The conventions that texts tell of; they may come from anybody, and are checked as options are.</summary>
    private static PictureConventions AsTold(VisionModel model, IReadOnlyDictionary<string, string> texts)
    {
        string[] options = ["layout", "color", "range", "mean", "std", "size"];
        var told = options.Where(name => texts.ContainsKey(name) && (name != "color" || texts[name] is "rgb" or "bgr")).Select(name => (name, texts[name]));
        var c = OptionTable.With(new ConventionOptions(), told).Of(model);
        if (model.FixedSize is var (height, width) && (height, width) != (c.Height, c.Width)) return c with { Height = height, Width = width };
        var fit = texts.GetValueOrDefault("fit", "");
        if (fit == "letterbox") c = c with { Fit = PictureFit.Letterbox };
        else if (fit.Split(' ', ',') is ["short-side", var side, ..] && int.TryParse(side, NumberStyles.None, CultureInfo.InvariantCulture, out var length) && length >= Math.Max(c.Height, c.Width) && length <= 1 << 14)
            c = c with { Fit = PictureFit.ShortSideCrop, ShortSide = length };
        return c with { IsLinear = texts.GetValueOrDefault("gamma") == "linear" };
    }

    /// <summary>Of a training run says which of its models it is, where it was not named itself.</summary>
    public static void TellName(VisionModel model, VerbOptions verb, Output output)
    {
        if (model.Checkpoint is not null && verb.ModelName != model.Name) output.Note($"{verb.ModelName} is {model.Name}: -m {model.Name} names it whatever is trained later.");
    }

    /// <summary>"RGB, range 0,1, mean 0,0,0, std 1,1,1, 224x224".</summary>
    public static string Taken(PictureConventions c)
    {
        var kind = c.Axes.IsPicture() ? "" : $"{c.Kind}s of ";
        var layout = c.Axes is InputAxes.Nchw or InputAxes.Nhwc ? "" : $" ({c.Axes.Letters()})";
        var gamma = c.IsLinear ? ", linear light" : "";
        return $"{kind}{c.Color}, range {c.Low},{c.High}, mean {Short(c.Mean)}, std {Short(c.Std)}, {c.Size}{layout}{gamma}";
    }

    /// <summary>One number for many that are equal.</summary>
    private static string Short(float[] numbers) => numbers.Length > 4 && numbers.All(n => n == numbers[0]) ? $"{numbers[0]}" : string.Join(',', numbers);
}

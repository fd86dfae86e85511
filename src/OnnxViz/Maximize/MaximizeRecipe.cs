using OnnxViz.Options;

namespace OnnxViz.Maximize;

/// <summary>A known way to maximise: options under a name.</summary>
/// <param name="Name">Such as "lucid2017".</param>
/// <param name="Summary">What it does, and who published it.</param>
/// <param name="Options">Names and values of options of <see cref="MaximizeOptions"/>.</param>
public sealed record MaximizeRecipe(string Name, string Summary, IReadOnlyList<(string Name, string Text)> Options)
{
    /// <summary>The names of all recipes.</summary>
    public const string Names = "erhan2009, rescaled, rms, simonyan2013, rescaled-l2, mahendran2015-scharr, target-mse, lucid2017, maco2023";

    /// <summary>Pixels move by steps of a fixed size along the gradient: nothing makes the picture smooth.</summary>
    private static readonly (string, string)[] Ascent =
    [
        ("param", "pixel"), ("objective", "mean"), ("optimizer", "sgd"), ("normalize-gradient", "objective"), ("lr", "0.006"), ("steps", "60"),
        ("transforms", "none"), ("tv", "0"), ("redirect-steps", "0"), ("restarts", "0"),
    ];

    /// <summary>The same at growing sizes: what is found while the picture is small becomes its coarse structure.</summary>
    private static readonly (string, string)[] Rescaled = [.. With(Ascent, ("octaves", "6"), ("octave-scale", "1.3"), ("lr", "0.004"), ("steps", "20"))];

    /// <summary>Names and values of options of the sheet on which its pictures are shown.</summary>
    public IReadOnlyList<(string Name, string Text)> Sheet { get; init; } = [];

    public static IReadOnlyList<MaximizeRecipe> All { get; } =
    [
        new("erhan2009", "gradient ascent and nothing else (Erhan et al. 2009)", Ascent),
        new("rescaled", "gradient ascent through growing sizes", Rescaled),
        new("rms", "the same towards the root mean square of the map", [.. With(Rescaled, ("objective", "rms"))]),
        new("simonyan2013", "a class's logit less the squares of the pixels, from the mean picture (Simonyan et al. 2013)",
        [
            ("param", "tensor"), ("init", "noise:0,0"), ("optimizer", "momentum"), ("lr", "0.05"), ("steps", "100"), ("l2", "0.005"),
        ]),
        new("rescaled-l2", "growing sizes and a weight on the squares of the pixels", [.. Rescaled, ("l2", "0.2")]),
        new("mahendran2015-scharr", "growing sizes, squares of the pixels, and the edges that Scharr's filter finds (after Mahendran and Vedaldi 2015)",
            [.. Rescaled, ("l2", "0.05"), ("scharr", "60")]),
        new("target-mse", "a squared error to the square of the map's own maximum; a grid with the unit's number on every picture",
        [
            ("param", "pixel"), ("objective", "target"), ("init", "noise:0.4,0.6"), ("optimizer", "adam"), ("lr", "0.01"), ("steps", "200"),
            ("transforms", "none"), ("tv", "0"), ("redirect-steps", "0"), ("restarts", "0"),
        ]) { Sheet = [("background", "black"), ("labels", "box")] },
        new("lucid2017", "a decorrelated spectrum under jitter, scaling and rotation (Olah et al. 2017)",
        [
            ("param", "fourier"), ("decay", "1"), ("optimizer", "adam"), ("lr", "0.05"), ("steps", "512"), ("transforms", "lucid"), ("tv", "0"),
        ]),
        new("maco2023", "phases alone, under the magnitudes of photographs (Fel et al. 2023)",
        [
            ("param", "maco"), ("optimizer", "nadam"), ("lr", "1"), ("steps", "256"), ("transforms", "maco"), ("tv", "0"),
        ]),
    ];

    /// <exception cref="OnnxVizException">There is no recipe of this name.</exception>
    public static MaximizeRecipe Find(string name) => Words.Choose("Recipe", name, [.. All.Select(r => (r.Name, r))]);

    private static IEnumerable<(string, string)> With((string Option, string Value)[] options, params (string Option, string Value)[] others) =>
        options.Where(o => !Array.Exists(others, other => other.Option == o.Option)).Concat(others);
}

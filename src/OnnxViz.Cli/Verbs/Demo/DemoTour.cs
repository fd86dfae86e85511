using OnnxViz.Cli.Verbs.Activations;
using OnnxViz.Cli.Verbs.Deconv;
using OnnxViz.Cli.Verbs.Evolve;
using OnnxViz.Cli.Verbs.Invert;
using OnnxViz.Cli.Verbs.Kernels;
using OnnxViz.Cli.Verbs.Maximize;
using OnnxViz.Cli.Verbs.Predict;
using OnnxViz.Cli.Verbs.Saliency;
using OnnxViz.Cli.Verbs.Segment;
using OnnxViz.Cli.Verbs.Train;
using OnnxViz.Runs;

namespace OnnxViz.Cli.Verbs.Demo;

/// <summary>What the demo shows: commands that anybody can type.</summary>
/// <param name="folder">Where the results go.</param>
/// <param name="isShort">Small pictures and few steps: to see that everything works, not to be looked at.</param>
/// <param name="device">--device of every command.</param>
/// <param name="threads">--threads of every command.</param>
internal sealed class DemoTour(string folder, bool isShort, string device, int? threads)
{
    public static IReadOnlyList<string> Photographs { get; } = ["chelsea.png", "coffee.png", "rocket.jpg"];

    public IReadOnlyList<DemoSection> Sections() => [Answers(), Reasons(), Features(), Classes(), Projections(), Codes(), Maps(), Kernels(), Births()];

    private DemoSection Answers() => new(
        "What it sees",
        "EfficientNet-Lite0 names what is in a photograph, out of the 1000 classes of ImageNet.",
        [.. Photographs.Select(p => Step(p, "The five most likely classes.", new PredictVerb { Image = [Photo(p)] }, 1))]);

    private DemoSection Reasons() => new(
        "Why it says so",
        "The winning score followed back through the network to the pixels that it depends on.",
        [
            Step("Guided backpropagation", "Only what speaks for the class, at every layer.", Saliency("chelsea.png", "guided"), 1),
            Step("Several methods", "From the plain gradient to class activation maps and covering the picture piece by piece.", new SaliencyVerb
            {
                Image = Photographs.Select(Photo),
                Methods = isShort ? "gradient,grad-cam" : "gradient,input-x-gradient,guided,integrated-gradients,grad-cam,guided-grad-cam,occlusion",
                Out = In("methods.png"),
            }, 20),
            Step("What it saw, cut out", "The colours of the most and the least salient pixels, and the cheapest cut between them.", new SegmentVerb
            {
                Image = [Photo("coffee.png"), Photo("rocket.jpg")], Out = In("segment.png"),
            }, 2),
        ]);

    private DemoSection Features() => new(
        "What its units look for",
        "Pictures found by gradient ascent that units of VGG-16 respond to most strongly: from colours and edges in the first layers to parts of things in the last.",
        [
            Feature("conv1_2", "2,11,17,24,38,53", "64", 64, "Colours and edges.", 5),
            Feature("conv2_2", "2,19,45,60,88,121", "96", 64, "Textures.", 15),
            Feature("conv3_3", "0,5,20,71,133,198", "96", 80, "Patterns.", 30),
            Feature("conv4_3", "0,5,108,251", "112", 80, "Motifs.", 35),
            Feature("conv5_3", "12,25,93,311", "112", 96, "Parts of things.", 45),
        ]);

    private DemoSection Classes() => new(
        "What it takes for a class",
        "The same for whole classes of EfficientNet-Lite0: nothing but the network's own idea of them.",
        [
            Step("Three classes", "From noise to what the network would call by these names.", new MaximizeVerb
            {
                Class = "monarch,strawberry,daisy", Out = In("classes.png"),
            }.With(("steps", isShort ? "4" : "160"), ("columns", "3")), 35),
        ]);

    private DemoSection Projections() => new(
        "What its units saw",
        "Zeiler and Fergus' deconvnet: the strongest activations of every max-pool of VGG-16, each projected back through the switches, above the part of the picture that it saw.",
        [
            Step("Every pool", "Edges, textures, an eye.", new DeconvVerb { Image = [Photo("chelsea.png")], EveryPool = true, Out = In("pools.png") }.With(("top", "6")), 6),
        ]);

    private DemoSection Codes() => new(
        "What its layers keep",
        "Mahendran and Vedaldi's inversion: a picture from nothing but what a layer says of it.",
        [
            Step("From shallow to deep", "Nearly a photograph first, in the end an abstraction with everything in its place.", new InvertVerb
            {
                Image = [Photo("chelsea.png")], Layer = ["conv2_2,conv3_3,conv5_1"], Out = In("inversion.png"),
            }.With(("size", isShort ? "48" : "112"), ("steps", isShort ? "6" : "200")), 35),
        ]);

    private DemoSection Maps() => new(
        "What its layers make of a picture",
        "Feature maps: where in the photograph each unit of a layer finds what it looks for. The strongest come first.",
        [
            Step("Early", "relu1_2 sees edges everywhere.", Activations("relu1_2", 16), 1),
            Step("Middle", "relu3_3 sees textures.", Activations("relu3_3", 32), 1),
            Step("Late", "relu5_3 sees eyes and a nose.", Activations("relu5_3", 32), 1),
        ]);

    private DemoSection Kernels() => new(
        "What it starts from",
        "The weights of the first layers, one tile per unit, in the colours that they take in.",
        [
            Step("VGG-16", "64 kernels of 3 x 3 pixels.", Kernels("vgg16-body"), 1),
            Step("EfficientNet-Lite0", "32 kernels of 3 x 3 pixels.", Kernels("efficientnet-lite0"), 1),
        ]);

    private DemoSection Births()
    {
        // A run has a folder of its own for each length: what is there is gone on with.
        var run = In(isShort ? "run-short" : "run");
        return new(
            "How it comes to see",
            "A small network learns to tell clothes apart, from nothing; afterwards the same units are looked at in every network that was saved on the way.",
            [
                Step("Training", "Loss and accuracy on 3,000 pictures of Fashion-MNIST, 600 others to test on.", new TrainVerb
                {
                    Architecture = "small", Data = "fashion-mnist-small", Out = run,
                }.With(("epochs", isShort ? "1" : "12")), 60) with
                {
                    GoesOn = RunFolder.IsAt(run) ? On(new TrainVerb { Resume = run }) : null,
                },
                Step("Features being born", "From left to right the steps of training; for each unit the picture that excites it most, what of it the unit saw, and what would excite it even more.", new EvolveVerb
                {
                    Folder = run, Layer = "conv2_2", Unit = isShort ? "random:2" : "random:4", Out = In("evolution.png"),
                }.With(isShort ? [("steps", "4")] : []), 20) with { IsWide = true },
            ]);
    }

    private SaliencyVerb Saliency(string photo, string method) => new()
    {
        Image = [Photo(photo)],
        Method = method,
        Out = In($"{Path.GetFileNameWithoutExtension(photo)}-{method}.png"),
    };

    private ActivationsVerb Activations(string layer, int count) =>
        new ActivationsVerb { Image = [Photo("chelsea.png")], Layer = [layer], Columns = 8, Out = In($"maps-{layer}.png") }.With(("count", $"{count}"));

    private KernelsVerb Kernels(string model) => new KernelsVerb { Model = model, Out = In($"kernels-{model}.png") }.With(("columns", "8"));

    private DemoStep Feature(string layer, string units, string size, int steps, string caption, double weight) => Step(
        layer,
        caption,
        new MaximizeVerb
        {
            Layer = layer,
            Unit = isShort ? string.Join(',', units.Split(',').Take(2)) : units,
            Out = In($"features-{layer}.png"),
        }.With(("size", isShort ? "48" : size), ("steps", $"{(isShort ? 8 : steps)}"), ("columns", $"{units.Split(',').Length / 2}")),
        weight);

    private DemoStep Step(string title, string caption, VerbOptions verb, double weight) => new(title, caption, On(verb), isShort ? 1 + (weight / 10) : weight);

    private VerbOptions On(VerbOptions verb)
    {
        if (verb is RunOptions run) (run.Device, run.Threads) = (device, threads);
        return verb;
    }

    private string In(string file) => Path.Combine(folder, file);

    private string Photo(string file) => Path.Combine(folder, "photographs", file);
}

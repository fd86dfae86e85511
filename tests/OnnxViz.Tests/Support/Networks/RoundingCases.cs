namespace OnnxViz.Tests.Support.Networks;

/// <summary>
/// Runs whose pictures are snapshots, and whose snapshots must not depend on how a processor rounds. Every option is spelled out:
/// what is tuned to please the eye does not belong here.
/// </summary>
internal static class RoundingCases
{
    private static string Cat => Repository.Carried("images/chelsea.png");

    /// <summary>A unit that the picture drives strongly.</summary>
    public static string[] Unit { get; } =
        ["saliency", "-m", "vgg16-body", "-i", Cat, "--size", "96", "--layer", "conv4_3", "--unit", "63"];

    /// <summary>As overlays, which are means over blocks: in a network this deep a single clip that flips shows in single pixels.</summary>
    public static string[] Class { get; } = ["saliency", "-m", "efficientnet-lite0", "-i", Cat, "--display", "overlay"];

    public static IReadOnlyDictionary<string, string[]> Maximize { get; } = new Dictionary<string, string[]>
    {
        ["fourier"] = Of("-m vgg16-body --layer conv3_3 --unit 5,20 --param fourier --decay 1 --lr 0.05 --transforms lucid --steps 8 --size 48"),
        ["pixel"] = Of("-m vgg16-body --layer conv2_2 --unit 5 --param pixel --lr 0.02 --tv 0.001 --transforms lucid --steps 12 --size 48"),
        ["tensor"] = Of("-m vgg16-body --layer conv3_3 --unit 5 --param tensor --lr 8 --transforms none --init gray --steps 8 --size 48"),
        ["laplacian"] = Of("-m vgg16-body --layer conv3_3 --unit 5 --param laplacian --lr 0.05 --transforms lucid --steps 8 --size 48"),
        ["maco"] = Of("-m vgg16-body --layer conv2_2 --unit 5,20 --param maco --optimizer sgd --normalize-gradient l2 --lr 3 --transforms roi:0.5..0.3,noise:0.05,crops:3,resize:48 --steps 4 --size 96"),
        ["octaves"] = Of("-m vgg16-body --layer conv3_3 --unit 5 --param pixel --lr 0.02 --tv 0.001 --transforms jitter:4 --steps 6 --octaves 3 --octave-scale 1.4 --size 48"),
        // Sixty layers deep, noise and gray lie where any rounding decides which way a step goes: after a few steps SSIM is 0.82 to 0.99.
        ["class"] = [
            .. Of("-m efficientnet-lite0 --class espresso --param pixel --optimizer sgd --normalize-gradient l2 --lr 20 --tv 0 --transforms none --steps 3"),
            "--init", Repository.Carried("images/coffee.png"),
        ],
    };

    /// <summary>Three layers of so few steps that what rounding does has no time to grow.</summary>
    public static string[] Invert { get; } =
        ["invert", "-m", "vgg16-body", "-i", Cat, "--layer", "conv1_2,conv2_1,conv3_1", "--recipe", "ijcv2016", "--steps", "21", "--size", "64"];

    private static string[] Of(string options) => ["maximize", .. options.Split(' ')];
}

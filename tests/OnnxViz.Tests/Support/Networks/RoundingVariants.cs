using OnnxViz.Imaging;
using OnnxViz.Imaging.Compare;
using OnnxViz.Runtime;

namespace OnnxViz.Tests.Support.Networks;

/// <summary>
/// Ways to run one graph that round differently, as processors do: one thread and two, and ONNX Runtime's levels of rewriting, which
/// fuse and lay out convolutions in other ways.
/// </summary>
internal static class RoundingVariants
{
    public static IReadOnlyList<RuntimeOptions> All { get; } =
    [
        new(Device.Cpu, 1),
        new(Device.Cpu, 2),
        .. new[] { GraphOptimization.None, GraphOptimization.Basic, GraphOptimization.Extended }
            .Select(level => new RuntimeOptions(Device.Cpu, 1) { Optimization = level }),
    ];

    /// <summary>The lowest similarity and the worst block among all pairs of pictures that the variants make.</summary>
    /// <param name="draw">Makes the pictures of one variant; always as many.</param>
    public static ImageTolerance Spread(Func<RuntimeOptions, IReadOnlyList<Image>> draw)
    {
        IReadOnlyList<Image>[] pictures = [.. All.Select(draw)];
        var (ssim, block) = (1.0, 0.0);
        foreach (var (j, theirs) in pictures.Index())
        {
            foreach (var (a, b) in pictures.Take(j).SelectMany(ours => ours.Zip(theirs)))
            {
                var difference = ImageComparison.Compare(a, b);
                (ssim, block) = (Math.Min(ssim, difference.Ssim), Math.Max(block, difference.Worst.Rms));
            }
        }

        return new ImageTolerance(ssim, block);
    }
}

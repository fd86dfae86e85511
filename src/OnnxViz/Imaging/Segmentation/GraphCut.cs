namespace OnnxViz.Imaging.Segmentation;

/// <param name="Foreground">Pixels of a saliency above this percentile are what the object's colours are learned from.</param>
/// <param name="Background">Pixels below this one give the background's colours.</param>
/// <param name="Smoothness">Cost of a border between equal colours; more gives rounder objects. GrabCut's is 50.</param>
/// <param name="Colors">Gaussians in each of the two mixtures.</param>
internal sealed record GraphCutOptions(double Foreground = 95, double Background = 30, double Smoothness = 50, int Colors = 5);

/// <summary>
/// An object from a saliency map (Simonyan et al. 2013, section 3.2): colour models of the most and of the least salient
/// pixels, then the cut that is cheapest in colours and borders (Boykov and Jolly 2001), of it the largest piece. The
/// cost of borders is GrabCut's (Rother et al. 2004).
/// </summary>
internal static class GraphCut
{
    /// <summary>Capacities are whole numbers: so many to one unit of cost.</summary>
    private const double Scale = 256;

    /// <summary>No colour is worth more than this: single pixels of a rare one are not forced out.</summary>
    private const double LargestCost = 60;

    /// <param name="picture">What is cut.</param>
    /// <param name="saliency">[height, width], larger where the object is.</param>
    /// <param name="options">Null for the paper's.</param>
    /// <param name="token">Stops.</param>
    /// <returns>The object; empty where the map is the same everywhere.</returns>
    public static PixelMask Segment(Image picture, ReadOnlySpan<float> saliency, GraphCutOptions? options = null, CancellationToken token = default)
    {
        ArgumentNullException.ThrowIfNull(picture);
        options ??= new();
        var (w, h) = (picture.Width, picture.Height);
        MapRange.CheckSize(saliency, w, h);
        var (low, high) = (MapRange.Between(saliency, 0, options.Background).High, MapRange.Between(saliency, 0, options.Foreground).High);
        List<double[]> foreground = [], background = [];
        for (var i = 0; i < saliency.Length; i++)
        {
            // Ties at the quantiles count, in maps of few values too; where both are one, the least salient value is background.
            if (saliency[i] <= low) background.Add(ColorAt(picture, i));
            else if (saliency[i] >= high) foreground.Add(ColorAt(picture, i));
        }

        if (foreground.Count == 0 || background.Count == 0) return new PixelMask(w, h, new bool[w * h]);
        var flow = new MaxFlow(w * h);
        AddColors(flow, picture, GaussianMixture.Fit(foreground, options.Colors), GaussianMixture.Fit(background, options.Colors));
        AddBorders(flow, picture, options.Smoothness);
        return new PixelMask(w, h, flow.SourceSide(token)).LargestComponent();
    }

    private static void AddColors(MaxFlow flow, Image picture, GaussianMixture foreground, GaussianMixture background)
    {
        for (var i = 0; i < picture.Width * picture.Height; i++)
        {
            var color = ColorAt(picture, i);
            flow.Terminals(i, Cost(background), Cost(foreground));

            long Cost(GaussianMixture mixture) => (long)(Scale * Math.Min(LargestCost, -mixture.LogLikelihood(color)));
        }
    }

    private static void AddBorders(MaxFlow flow, Image picture, double smoothness)
    {
        (int X, int Y)[] directions = [(1, 0), (0, 1), (1, 1), (-1, 1)];
        var contrast = Neighbours(picture, directions).Average(n => n.Square);
        var sharpness = contrast > 0 ? 1 / (2 * contrast) : 0;
        foreach (var (a, b, square, distance) in Neighbours(picture, directions))
            flow.Edge(a, b, (long)(Scale * smoothness * Math.Exp(-sharpness * square) / distance));
    }

    private static IEnumerable<(int A, int B, double Square, double Distance)> Neighbours(Image picture, (int X, int Y)[] directions)
    {
        var (w, h) = (picture.Width, picture.Height);
        foreach (var (dx, dy) in directions)
        {
            var distance = Math.Sqrt((dx * dx) + (dy * dy));
            for (var y = 0; y + dy < h; y++)
            {
                for (var x = Math.Max(0, -dx); x < Math.Min(w, w - dx); x++)
                {
                    var (a, b) = ((y * w) + x, ((y + dy) * w) + x + dx);
                    var square = 0.0;
                    for (var c = 0; c < 3; c++)
                    {
                        var difference = picture.Pixels[(3 * a) + c] - picture.Pixels[(3 * b) + c];
                        square += difference * difference;
                    }

                    yield return (a, b, square, distance);
                }
            }
        }
    }

    private static double[] ColorAt(Image picture, int i) => [picture.Pixels[3 * i], picture.Pixels[(3 * i) + 1], picture.Pixels[(3 * i) + 2]];
}

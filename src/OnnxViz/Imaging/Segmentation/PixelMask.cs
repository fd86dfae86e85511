using OnnxViz.Autodiff.Rules;

namespace OnnxViz.Imaging.Segmentation;

/// <summary>Some pixels of a picture.</summary>
/// <param name="Width">Of the picture.</param>
/// <param name="Height">Of the picture.</param>
/// <param name="Pixels">[height, width], true for those meant.</param>
public sealed record PixelMask(int Width, int Height, bool[] Pixels)
{
    /// <summary>Share of the picture, 0 to 1.</summary>
    public double Area => (double)Pixels.Count(p => p) / Pixels.Length;

    /// <summary>The smallest rectangle around them; null where there are none.</summary>
    public (int X, int Y, int Width, int Height)? Box
    {
        get
        {
            var (left, top, right, bottom) = (Width, Height, -1, -1);
            for (var i = 0; i < Pixels.Length; i++)
            {
                if (!Pixels[i]) continue;
                var (y, x) = Math.DivRem(i, Width);
                (left, top, right, bottom) = (Math.Min(left, x), Math.Min(top, y), Math.Max(right, x), Math.Max(bottom, y));
            }

            return right < 0 ? null : (left, top, right - left + 1, bottom - top + 1);
        }
    }

    /// <summary>Intersection over union with another mask of the same size, 0 to 1; of two empty ones 1.</summary>
    public double IntersectionOverUnion(PixelMask other)
    {
        ArgumentNullException.ThrowIfNull(other);
        var (both, either) = (0, 0);
        for (var i = 0; i < Pixels.Length; i++)
        {
            both += Pixels[i] && other.Pixels[i] ? 1 : 0;
            either += Pixels[i] || other.Pixels[i] ? 1 : 0;
        }

        return either == 0 ? 1 : (double)both / either;
    }

    /// <summary>Only the largest set of pixels that touch each other along an edge; of equal ones the first from the top.</summary>
    public PixelMask LargestComponent()
    {
        var seen = new bool[Pixels.Length];
        List<int> largest = [];
        for (var start = 0; start < Pixels.Length; start++)
        {
            if (!Pixels[start] || seen[start]) continue;
            var component = ComponentAt(start, seen);
            if (component.Count > largest.Count) largest = component;
        }

        var pixels = new bool[Pixels.Length];
        foreach (var i in largest) pixels[i] = true;
        return this with { Pixels = pixels };
    }

    private List<int> ComponentAt(int start, bool[] seen)
    {
        List<int> found = [start];
        seen[start] = true;
        for (var next = 0; next < found.Count; next++)
        {
            var (y, x) = Math.DivRem(found[next], Width);
            foreach (var (nx, ny) in new[] { (x - 1, y), (x + 1, y), (x, y - 1), (x, y + 1) })
            {
                var i = (ny * Width) + nx;
                if (nx < 0 || ny < 0 || nx >= Width || ny >= Height || !Pixels[i] || seen[i]) continue;
                seen[i] = true;
                found.Add(i);
            }
        }

        return found;
    }
}

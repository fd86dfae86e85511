using System.Globalization;
using OnnxViz.Options;

namespace OnnxViz.Optimize.Transforms;

public enum TransformKind
{
    /// <summary>Low gray pixels around the picture.</summary>
    Pad,

    /// <summary>A random crop that is Low pixels smaller.</summary>
    Jitter,

    /// <summary>One of eleven scales from Low to High.</summary>
    Scale,

    /// <summary>Whole degrees from Low to High, with 0 six times as likely as any other (Lucid).</summary>
    Rotate,

    /// <summary>
    /// A random box of the picture, enlarged to what the model sees: its side, as a share of the picture's, is
    /// N(box, 0.05) where box goes from Low at the first step to High at the last, its middle N(0.5, 0.15) (MACO).
    /// </summary>
    Roi,

    /// <summary>Noise on what the model sees: N(0, Low) + U(-Low/2, Low/2) (MACO).</summary>
    Noise,

    /// <summary>The shorter side of what the model sees, in pixels.</summary>
    Resize,

    /// <summary>Low random views in every step instead of one; their objectives are averaged.</summary>
    Crops,
}

/// <param name="Kind">What is done.</param>
/// <param name="Low">Its number.</param>
/// <param name="High">The other end of a range; equal to Low where there is one number.</param>
public sealed record TransformStep(TransformKind Kind, double Low, double High)
{
    private const double SmallestBox = 0.05;
    private const double BoxDeviation = 0.05;
    private const double PlaceDeviation = 0.15;

    /// <summary>Lucid lists every angle once and 0 five times more.</summary>
    private const int MoreZeros = 5;

    /// <summary>Such as "pad:12" or "scale:0.9..1.1".</summary>
    public override string ToString()
    {
        var low = Low.ToString(CultureInfo.InvariantCulture);
        return $"{Words.Of(Kind)}:{low}{(High == Low ? "" : $"..{High.ToString(CultureInfo.InvariantCulture)}")}";
    }

    /// <summary>Where points come from this time.</summary>
    /// <param name="random">Decides.</param>
    /// <param name="from">Size of the picture that is transformed.</param>
    /// <param name="to">Size of the result.</param>
    /// <param name="progress">Which share of the steps is done, 0 to 1.</param>
    internal Affine Draw(CounterRandom random, (int Height, int Width) from, (int Height, int Width) to, double progress)
    {
        var (fitY, fitX) = ((double)from.Height / to.Height, (double)from.Width / to.Width);
        switch (Kind)
        {
            case TransformKind.Jitter:
                var (x, y) = (Jitter(), Jitter());
                return Affine.Shift(x, y);
            case TransformKind.Scale:
                var scale = Low + ((High - Low) / 10 * random.Next(11));
                return Affine.Stretch(1 / scale, 1 / scale);
            case TransformKind.Rotate:
                return Affine.Turn(Degrees());
            case TransformKind.Resize:
                return Affine.Stretch(fitX, fitY);
            case TransformKind.Roi:
                var box = Low + (progress * (High - Low));
                var (left, top) = (from.Width * PlaceDeviation * random.Normal(), from.Height * PlaceDeviation * random.Normal());
                var side = Math.Clamp(box + (BoxDeviation * random.Normal()), SmallestBox, 1);
                return Affine.Shift(left, top).Then(Affine.Stretch(side * fitX, side * fitY));
            default:
                return Affine.Identity;
        }

        // A crop by d leaves d + 1 positions, here counted from the middle.
        int Jitter() => random.Next((int)Low + 1) - ((int)Low / 2);

        double Degrees()
        {
            var angles = (int)Math.Floor(High - Low) + 1;
            var zeros = Low <= 0 && High >= 0 && Low == Math.Round(Low) ? MoreZeros : 0;
            return random.Next(angles + zeros) is var draw && draw < angles ? Low + draw : 0;
        }
    }

    /// <summary>Size of the result.</summary>
    /// <param name="size">Of the picture that is transformed.</param>
    /// <param name="seen">What boxes are enlarged to.</param>
    internal (int Height, int Width) Resized((int Height, int Width) size, (int Height, int Width) seen) => Kind switch
    {
        TransformKind.Pad => (size.Height + (2 * (int)Low), size.Width + (2 * (int)Low)),
        TransformKind.Jitter => (size.Height - (int)Low, size.Width - (int)Low),
        TransformKind.Roi or TransformKind.Resize => seen,
        _ => size,
    };
}

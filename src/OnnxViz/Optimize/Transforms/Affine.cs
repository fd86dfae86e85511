namespace OnnxViz.Optimize.Transforms;

/// <summary>Where a point of a transformed picture comes from, both measured in pixels from the pictures' middles.</summary>
internal readonly record struct Affine(double Xx, double Xy, double Yx, double Yy, double X0, double Y0)
{
    public static Affine Identity { get; } = new(1, 0, 0, 1, 0, 0);

    public static Affine Shift(double x, double y) => Identity with { X0 = x, Y0 = y };

    public static Affine Stretch(double x, double y) => Identity with { Xx = x, Yy = y };

    /// <summary>Of a picture that is turned by an angle, in degrees.</summary>
    public static Affine Turn(double degrees)
    {
        var (sin, cos) = Math.SinCos(degrees * Math.PI / 180);
        return new(cos, sin, -sin, cos, 0, 0);
    }

    public (double X, double Y) At(double x, double y) => ((Xx * x) + (Xy * y) + X0, (Yx * x) + (Yy * y) + Y0);

    /// <summary>First where the later transform's point comes from, then where that comes from.</summary>
    public Affine Then(Affine later)
    {
        var (x, y) = At(later.X0, later.Y0);
        return new(
            (Xx * later.Xx) + (Xy * later.Yx), (Xx * later.Xy) + (Xy * later.Yy),
            (Yx * later.Xx) + (Yy * later.Yx), (Yx * later.Xy) + (Yy * later.Yy),
            x, y);
    }
}

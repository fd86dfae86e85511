namespace OnnxViz.Detect;

/// <summary>What the four numbers of a box are.</summary>
internal enum BoxForm
{
    /// <summary>Not said: read from the numbers.</summary>
    Unknown,

    /// <summary>Middle, width and height.</summary>
    Center,

    /// <summary>Two corners, x first.</summary>
    Corners,

    /// <summary>Two corners, y first.</summary>
    CornersYFirst,
}

internal static class BoxForms
{
    /// <summary>Numbers up to here are shares of the picture, not pixels.</summary>
    private const float LargestShare = 2;

    /// <summary>Rectangles in pixels from numbers of any form, in pixels or shares of the picture.</summary>
    /// <param name="form">What they are.</param>
    /// <param name="count">Of boxes.</param>
    /// <param name="number">From box and 0..3 to its number.</param>
    /// <param name="width">Of the picture.</param>
    /// <param name="height">Of the picture.</param>
    public static IReadOnlyList<BoxArea> Areas(this BoxForm form, int count, Func<int, int, float> number, int width, int height)
    {
        var boxes = Enumerable.Range(0, count).Select(i => (A: number(i, 0), B: number(i, 1), C: number(i, 2), D: number(i, 3))).ToList();
        if (form == BoxForm.Unknown) form = boxes.TrueForAll(b => b.C >= b.A && b.D >= b.B) ? BoxForm.Corners : BoxForm.Center;
        var isShare = boxes.TrueForAll(b => Math.Max(Math.Max(Math.Abs(b.A), Math.Abs(b.B)), Math.Max(Math.Abs(b.C), Math.Abs(b.D))) <= LargestShare);
        var (x, y) = isShare ? (width, height) : (1, 1);
        return boxes.ConvertAll(b => Scaled(form switch
        {
            BoxForm.Center => new BoxArea(b.A - (b.C / 2), b.B - (b.D / 2), b.A + (b.C / 2), b.B + (b.D / 2)),
            // Either pair of opposite corners will do.
            BoxForm.CornersYFirst => new BoxArea(Math.Min(b.B, b.D), Math.Min(b.A, b.C), Math.Max(b.B, b.D), Math.Max(b.A, b.C)),
            _ => new BoxArea(b.A, b.B, b.C, b.D),
        }));

        BoxArea Scaled(BoxArea a) => new(a.Left * x, a.Top * y, a.Right * x, a.Bottom * y);
    }
}

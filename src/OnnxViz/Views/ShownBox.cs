using OnnxViz.Imaging.Sheets;

namespace OnnxViz.Views;

/// <summary>A box over a picture.</summary>
/// <param name="Left">In pixels of the picture; 0 is its left edge.</param>
/// <param name="Top">Likewise, from the top.</param>
/// <param name="Right">Likewise.</param>
/// <param name="Bottom">Likewise.</param>
/// <param name="Label">What is written at it; empty for nothing.</param>
public sealed record ShownBox(float Left, float Top, float Right, float Bottom, string Label)
{
    private const int TextSize = 12;

    private static readonly Color Line = new(255, 235, 59);

    /// <summary>The picture with the box; what lies outside is cut off.</summary>
    public Image Over(Image picture)
    {
        ArgumentNullException.ThrowIfNull(picture);
        var drawn = new Image(picture.Width, picture.Height, [.. picture.Pixels]);
        var thick = Math.Max(1, Math.Min(picture.Width, picture.Height) / 160);
        var (left, right) = (Place(Left, picture.Width), Place(Right, picture.Width));
        var (top, bottom) = (Place(Top, picture.Height), Place(Bottom, picture.Height));
        Fill(drawn, left, top, right, Math.Min(top + thick - 1, bottom));
        Fill(drawn, left, Math.Max(bottom - thick + 1, top), right, bottom);
        Fill(drawn, left, top, Math.Min(left + thick - 1, right), bottom);
        Fill(drawn, Math.Max(right - thick + 1, left), top, right, bottom);
        if (Label.Length == 0) return drawn;
        var (width, height) = ((int)Math.Ceiling(Lettering.Measure(Label, TextSize)) + 4, (int)(TextSize * Lettering.LineHeight) + 1);
        // A small picture has its label below.
        if (width > picture.Width || 3 * height > picture.Height) return drawn;
        var (x, y) = (Math.Min(left, picture.Width - width), top >= height ? top - height : Math.Min(top, picture.Height - height));
        Fill(drawn, x, y, x + width - 1, y + height - 1);
        Lettering.Draw(drawn, x + 2, y + (TextSize * Lettering.Ascent), Label, TextSize, Color.Black);
        return drawn;

        static int Place(float at, int size) => (int)Math.Clamp(MathF.Floor(at), 0, size - 1);
    }

    private static void Fill(Image image, int left, int top, int right, int bottom)
    {
        for (var y = top; y <= bottom; y++)
        {
            for (var x = left; x <= right; x++) Line.Blend(image, x, y, 1);
        }
    }
}

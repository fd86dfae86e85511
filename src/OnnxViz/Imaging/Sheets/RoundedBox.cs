namespace OnnxViz.Imaging.Sheets;

/// <summary>A filled rectangle with smooth round corners, the ground of labels on pictures.</summary>
internal static class RoundedBox
{
    /// <summary>What lies outside the picture is left out.</summary>
    public static void Draw(Image image, int left, int top, int width, int height, double radius, Color color)
    {
        for (int y = Math.Max(0, top); y < Math.Min(image.Height, top + height); y++)
        {
            for (int x = Math.Max(0, left); x < Math.Min(image.Width, left + width); x++)
            {
                // Pixel centre to the nearest point of the box without its rim of one radius.
                double dx = Outside(x + 0.5 - left, radius, width - radius), dy = Outside(y + 0.5 - top, radius, height - radius);
                double share = Math.Clamp(radius + 0.5 - Math.Sqrt((dx * dx) + (dy * dy)), 0, 1);
                color.Blend(image, x, y, dx > 0 && dy > 0 ? share : 1);
            }
        }
    }

    private static double Outside(double at, double low, double high) => Math.Max(0, Math.Max(low - at, at - high));
}

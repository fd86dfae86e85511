using OnnxViz.Imaging.Resample;

namespace OnnxViz.Views;

/// <summary>What is shown of units through the checkpoints of a training run.</summary>
/// <param name="Layer">That holds the units.</param>
/// <param name="Network">Name of the run.</param>
/// <param name="Units">Their numbers: a row each.</param>
/// <param name="Columns">The checkpoints.</param>
/// <param name="FieldSize">Height and width of what one position of the layer sees, where no border cuts it off.</param>
/// <param name="Cell">What is shown of a unit, by its index, in a checkpoint, by its index. Made when it is asked for, so that not all are held.</param>
internal sealed record EvolutionScene(
    string Layer, string Network, IReadOnlyList<int> Units, IReadOnlyList<EvolutionColumn> Columns, (int Height, int Width) FieldSize, Func<int, int, EvolutionCell> Cell);

/// <param name="Label">Such as "epoch 3".</param>
/// <param name="Accuracy">On the test pictures, 0 to 1; null where it was not measured.</param>
internal sealed record EvolutionColumn(string Label, double? Accuracy)
{
    public string? AccuracyText => Accuracy is { } share ? $"{Digits.Text(100 * share, 1)} %" : null;
}

/// <summary>One unit in one checkpoint.</summary>
/// <param name="Picture">The training picture that excites it most, as the model sees it.</param>
/// <param name="Field">What of that it sees.</param>
/// <param name="Projection">Of that activation, of the same size.</param>
/// <param name="Maximized">What its middle position responds to most strongly; null where it was left out.</param>
/// <param name="MaximizedField">What that position sees.</param>
/// <param name="Activation">By that picture.</param>
internal sealed record EvolutionCell(Image Picture, PixelBox Field, Image Projection, Image? Maximized, PixelBox MaximizedField, float Activation)
{
    private const int Gap = 2;

    /// <summary>Neither gray, as most small pictures are, nor a colour of projections.</summary>
    private static readonly Color Mark = new(240, 100, 20);

    public string Strength => Activation == 0 ? "silent" : Digits.Text(Activation, 2);

    /// <summary>The picture with its field marked beside the field; below what the unit responds to beside the projection of the field.</summary>
    /// <param name="fieldSize">Of a field that no border cuts off.</param>
    /// <param name="side">Of each of the four, in pixels.</param>
    public Image Draw((int Height, int Width) fieldSize, int side)
    {
        var block = new Image(Width(side), Width(side));
        block.Pixels.AsSpan().Fill(255);
        Paste(Marked(side), 0, 0);
        Paste(FieldPanel.Cut(Picture, Field, fieldSize, side, isSharp: true), 1, 0);
        if (Maximized is not null) Paste(FieldPanel.Cut(Maximized, MaximizedField, fieldSize, side, isSharp: true), 0, 1);
        Paste(FieldPanel.Cut(Projection, Field, fieldSize, side, isSharp: true), 1, 1);
        return block;

        void Paste(Image tile, int column, int row) =>
            ImageOps.Paste(block, tile, (column * (side + Gap)) + ((side - tile.Width) / 2), (row * (side + Gap)) + ((side - tile.Height) / 2));
    }

    /// <summary>Of a block, in pixels.</summary>
    public static int Width(int side) => (2 * side) + Gap;

    /// <summary>A whole number of pixels for each of the picture's, where it is small.</summary>
    /// <param name="longer">The picture's longer side.</param>
    /// <param name="wanted">About so many pixels.</param>
    public static int SideFor(int longer, int wanted) => longer > wanted ? wanted : longer * Math.Max(1, (int)Math.Round((double)wanted / longer));

    private Image Marked(int side)
    {
        var whole = FieldPanel.Whole(Picture, side, isSharp: true);
        if (Field.Width == Picture.Width && Field.Height == Picture.Height) return whole;
        var scale = (double)whole.Width / Picture.Width;
        int left = (int)(Field.X * scale), top = (int)(Field.Y * scale);
        int right = Math.Min(whole.Width, (int)((Field.X + Field.Width) * scale)) - 1, bottom = Math.Min(whole.Height, (int)((Field.Y + Field.Height) * scale)) - 1;
        for (var y = top; y <= bottom; y++)
            for (var x = left; x <= right; x++)
                if (x - left < 2 || right - x < 2 || y - top < 2 || bottom - y < 2) Mark.Blend(whole, x, y, 1);
        return whole;
    }
}

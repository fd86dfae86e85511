using OnnxViz.Graphs.Fields;

namespace OnnxViz.Models;

/// <summary>Which pixels of a picture the positions of one layer see.</summary>
internal sealed class LayerFields
{
    private readonly (ReceptiveField Height, ReceptiveField Width) _fields;
    private readonly (int Height, int Width) _picture;
    private readonly int _rows;

    /// <summary>Positions in a row of the map; 0 where the layer has no positions and sees everything.</summary>
    private readonly int _columns;

    private LayerFields((ReceptiveField Height, ReceptiveField Width) fields, (int Height, int Width) picture, int rows, int columns) =>
        (_fields, _picture, _rows, _columns) = (fields, picture, rows, columns);

    /// <summary>Height and width of what one position sees, where no border of the picture cuts it off.</summary>
    public (int Height, int Width) Size => (Extent(_fields.Height, _picture.Height), Extent(_fields.Width, _picture.Width));

    /// <param name="model">The network.</param>
    /// <param name="layer">A value of its graph.</param>
    /// <param name="inputDims">Dimensions of the model's input: Any number of rows.</param>
    public static LayerFields Of(VisionModel model, Value layer, long[] inputDims)
    {
        var forward = ShapedModel.Start(model, inputDims, layer);
        var layout = InputLayout.Of(model.Conventions.Axes, inputDims);
        var picture = (layout.Height, layout.Width);
        var everything = (ReceptiveField.Pixel.Unbounded, ReceptiveField.Pixel.Unbounded);
        var dims = forward.Units(layer).StaticDims();
        if (!layout.IsMapRank(dims.Length)) return new(everything, picture, 0, 0);
        // Of volumes only the sides of a slice are told apart; what lies behind each other counts as rows.
        var (depth, rows, columns) = layout.GridOf(dims);
        var fields = dims.Length <= 4 ? ReceptiveFields.Of(model.Graph.Cut([layer]), forward.Map).Of(layer) ?? everything : everything;
        return new(fields, picture, depth * rows, columns);
    }

    /// <summary>What the position a[H/2, W/2] sees, which the objective center maximises.</summary>
    public PixelBox Center => Box((_rows / 2 * _columns) + (_columns / 2));

    /// <summary>What a position sees of the picture.</summary>
    /// <param name="position">Row by row, from 0.</param>
    public PixelBox Box(int position)
    {
        var (row, column) = At(position);
        var (y, height) = _fields.Height.Pixels(row, _picture.Height);
        var (x, width) = _fields.Width.Pixels(column, _picture.Width);
        // A field entirely in the padding is clamped to the nearest pixel.
        return new PixelBox(
            (int)Math.Min(x, _picture.Width - 1), (int)Math.Min(y, _picture.Height - 1), (int)Math.Max(1, width), (int)Math.Max(1, height));
    }

    /// <summary>Row and column of a position.</summary>
    public (int Row, int Column) At(int position) => _columns == 0 ? (0, 0) : Math.DivRem(position, _columns);

    private int Extent(ReceptiveField field, int length) =>
        _columns == 0 || field.IsUnbounded ? length : Math.Clamp((int)Math.Ceiling(field.Size - 1e-6), 1, length);
}

/// <summary>A rectangle of pixels of the picture as the model sees it.</summary>
/// <param name="X">Its first column.</param>
/// <param name="Y">Its first row.</param>
/// <param name="Width">At least 1.</param>
/// <param name="Height">At least 1.</param>
public readonly record struct PixelBox(int X, int Y, int Width, int Height);

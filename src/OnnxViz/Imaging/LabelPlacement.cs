namespace OnnxViz.Imaging;

public enum LabelPlacement
{
    /// <summary>In the middle below the tile.</summary>
    Below,

    /// <summary>White in a rounded black box in the tile's upper left corner.</summary>
    OnTile,
}

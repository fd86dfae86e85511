namespace OnnxViz.Imaging;

public enum GridBackground
{
    /// <summary>White with dark letters, for print.</summary>
    White,

    /// <summary>Black with light letters.</summary>
    Black,
}

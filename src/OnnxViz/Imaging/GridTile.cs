namespace OnnxViz.Imaging;

/// <summary>One picture of a <see cref="Grid"/> and what is written at it.</summary>
public sealed record GridTile(Image Image, string? Label = null);

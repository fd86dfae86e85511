namespace OnnxViz.Models;

/// <summary>A rectangle of pixels of the picture as the model sees it.</summary>
/// <param name="X">Its first column.</param>
/// <param name="Y">Its first row.</param>
/// <param name="Width">At least 1.</param>
/// <param name="Height">At least 1.</param>
public readonly record struct PixelBox(int X, int Y, int Width, int Height);

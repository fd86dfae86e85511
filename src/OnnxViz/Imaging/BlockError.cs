namespace OnnxViz.Imaging;

/// <summary>Root mean square error, in levels, of the block of 8x8 pixels whose corner is (X, Y).</summary>
public readonly record struct BlockError(int X, int Y, double Rms);

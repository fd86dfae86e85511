namespace OnnxViz.Top;

/// <summary>A picture of a folder.</summary>
/// <param name="Path">Where it is.</param>
/// <param name="Name">Its path from the folder on, with forward slashes.</param>
/// <param name="Bytes">Its length.</param>
/// <param name="Modified">When it was written last, UTC.</param>
internal sealed record PictureFile(string Path, string Name, long Bytes, DateTime Modified);

namespace OnnxViz.Top;

/// <summary>A picture that a unit responds to.</summary>
/// <param name="File">Its path.</param>
/// <param name="Activation">The unit's largest activation in it.</param>
/// <param name="Field">The pixels that this activation sees, of the picture at the size that the model sees.</param>
public sealed record TopPicture(string File, float Activation, PixelBox Field);

namespace OnnxViz.Deconv;

/// <summary>An activation of a unit, projected back to pixels.</summary>
/// <param name="Unit">Number of the unit in its layer, from 0.</param>
/// <param name="Activation">The unit's largest activation in the picture.</param>
/// <param name="Position">Row and column of that in the unit's map.</param>
/// <param name="Field">The pixels that it sees.</param>
/// <param name="Raw">In the shape and layout of the model's input: [1, C, H, W] or [1, H, W, C].</param>
/// <param name="Picture">The projection in colours around a middle grey that stands for 0.</param>
public sealed record DeconvProjection(int Unit, float Activation, (int Row, int Column) Position, PixelBox Field, Tensor Raw, Image Picture)
{
    /// <summary>Writes <see cref="Picture"/> as a PNG file.</summary>
    /// <exception cref="OnnxVizException">Not writable.</exception>
    public void Save(string path) => Picture.Save(path);
}

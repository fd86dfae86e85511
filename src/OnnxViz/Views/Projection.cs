namespace OnnxViz.Views;

/// <summary>An activation of a picture, projected back to pixels.</summary>
/// <param name="Shown">The picture as the model saw it.</param>
/// <param name="Unit">Of the layer.</param>
/// <param name="Activation">Its largest one.</param>
/// <param name="Position">Row and column of that.</param>
/// <param name="Field">What is seen from there.</param>
/// <param name="FieldSize">Height and width of a field of this layer that no border cuts off.</param>
/// <param name="Pixels">The projection, [1, ...] in the shape and layout of the model's input; null where it was left out.</param>
internal sealed record Projection(
    Image Shown, int Unit, float Activation, (int Row, int Column) Position, PixelBox Field, (int Height, int Width) FieldSize, Tensor? Pixels)
{
    /// <summary>The unit's feature map, [h, w]; null where it is left out.</summary>
    public Tensor? Map { get; init; }

    /// <summary>Unit and strength; of a unit that responds to nothing there is nothing to be seen, which is said.</summary>
    public string Label => $"{Unit} ({Strength})";

    public string Strength => Activation == 0 ? "silent" : Digits.Text(Activation, 2);

    /// <summary>The patch that the activation saw.</summary>
    public Image Patch(int side) => FieldPanel.Cut(Shown, Field, FieldSize, side);

    /// <summary>The projection of the same patch, at the same scale.</summary>
    public Image Projected(PictureConventions conventions, int side) => FieldPanel.Cut(Draw(conventions), Field, FieldSize, side);

    /// <summary>The feature map, from its least value to its greatest; positions are squares where there are few.</summary>
    public Image Mapped(int side) => FieldPanel.Whole(new MapStyle(ColorMap.Viridis).Draw(Map!.ToFloats(), (int)Map.Dims[1], (int)Map.Dims[0]), side, isSharp: true);

    /// <inheritdoc cref="Pictures.FromProjection"/>
    public Image Draw(PictureConventions conventions) => Pictures.FromProjection(Pixels!.As<float>(), conventions, Shown.Width, Shown.Height, Field);
}

namespace OnnxViz.Top;

/// <summary>A picture that a unit responds to.</summary>
/// <param name="File">Index of the picture in the list.</param>
/// <param name="Position">Position of the unit's strongest activation in that picture, counted row by row.</param>
/// <param name="Activation">That activation.</param>
internal sealed record TopEntry(int File, int Position, float Activation);

/// <summary>A unit with its strongest pictures.</summary>
/// <param name="Unit">Of the layer.</param>
/// <param name="Entries">The strongest first.</param>
internal sealed record TopUnit(int Unit, IReadOnlyList<TopEntry> Entries);

/// <param name="File">Index of a picture that could not be read.</param>
/// <param name="Reason">Why.</param>
internal sealed record SkippedPicture(int File, string Reason);

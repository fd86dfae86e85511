namespace OnnxViz.Cli.Shared;

/// <summary>Pictures that run at once.</summary>
/// <param name="Input">[N, ...] in the model's layout; null where none could be read.</param>
/// <param name="Rows">What is in it.</param>
/// <param name="Skipped">Those that could not be read.</param>
internal sealed record PictureChunk(Tensor? Input, IReadOnlyList<PictureRow> Rows, IReadOnlyList<SkippedPicture> Skipped)
{
    /// <summary>One picture's input, [1, ...].</summary>
    public Tensor InputOf(int row) => Tensors.Rows(Input!, row, 1);
}

/// <param name="Index">Among all pictures.</param>
/// <param name="Name">Of a folder's picture from the folder on.</param>
/// <param name="Stem">What names of its results are made of.</param>
/// <param name="Shown">As the model sees it.</param>
/// <param name="File">What it was read from.</param>
internal sealed record PictureRow(int Index, string Name, string Stem, Image Shown, InputFile File);

/// <param name="Index">Among all pictures.</param>
/// <param name="Name">Of a folder's picture from the folder on.</param>
/// <param name="Reason">Why it could not be read, as a sentence.</param>
/// <param name="IsNamed">Whether it was asked for by its name.</param>
internal sealed record SkippedPicture(int Index, string Name, string Reason, bool IsNamed);

using OnnxViz.Datasets;

namespace OnnxViz.Cli.Verbs.Top;

/// <summary>The pictures that are searched: those of folders, or the training pictures of a data set.</summary>
internal sealed class TopSource : IDisposable
{
    private readonly Dataset? _data;
    private readonly FolderPictures? _folders;

    /// <param name="arguments">Name them.</param>
    /// <exception cref="OnnxVizException">There are none, or they cannot be read.</exception>
    public TopSource(TopArguments arguments)
    {
        var places = arguments.Places();
        if (arguments.Data is { } name) _data = Dataset.Open(name);
        else _folders = new FolderPictures(PictureFolder.List(places));
        foreach (var file in _folders?.Files ?? []) RunFiles.Reads(file.Path);
        Pictures = _data?.Train ?? (IPictureList)_folders!;
    }

    public IPictureList Pictures { get; }

    /// <summary>Of the data set; null for folders.</summary>
    public string? DataName => _data?.Name;

    /// <summary>The files of some pictures, in the order of their names; none where the pictures of a data set lie in one file.</summary>
    public IReadOnlyList<InputFile> FilesOf(IEnumerable<int> indices) => _folders is { } folders
        ? [.. indices.Distinct().Select(i => folders.Files[i]).OrderBy(f => f.Name, StringComparer.Ordinal).Select(f => InputFile.Of(f.Path, f.Name))]
        : [];

    public void Dispose() => _data?.Dispose();
}

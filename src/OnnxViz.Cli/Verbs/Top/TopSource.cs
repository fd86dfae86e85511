using OnnxViz.Datasets;
using OnnxViz.Models.Batches;
using OnnxViz.Onnx;
using OnnxViz.Top;

namespace OnnxViz.Cli.Verbs.Top;

/// <summary>What is searched: the pictures of folders, the training pictures of a data set, or the rows of a tensor.</summary>
internal sealed class TopSource : IDisposable
{
    private readonly Dataset? _data;
    private readonly FolderPictures? _folders;
    private readonly NpyRows? _rows;
    private readonly InputFile? _tensor;

    /// <param name="arguments">Name them.</param>
    /// <param name="places">Folders and files among these.</param>
    /// <param name="model">That they are for.</param>
    /// <exception cref="OnnxVizException">There are none, or they cannot be read, or the model takes others.</exception>
    public TopSource(TopArguments arguments, IReadOnlyList<string> places, VisionModel model)
    {
        Model = model;
        if (arguments.InputTensor is { } path)
        {
            _rows = InputRows.Open(path, model);
            _tensor = InputFile.Of(path);
            var (c, layout) = (model.Conventions, InputLayout.Of(model.Conventions.Axes, _rows.Dims));
            Model = model.With(c with { Depth = layout.Depth, Height = layout.Height, Width = layout.Width });
            Pictures = new TensorPictures(_rows, _tensor.Name, _tensor.Sha256, Model.Conventions);
            return;
        }

        model.Conventions.RequirePictures();
        if (arguments.Data is { } name) _data = Dataset.Open(name);
        else _folders = new FolderPictures(PictureFolder.List(places));
        foreach (var file in _folders?.Files ?? []) RunFiles.Reads(file.Path);
        Pictures = _data?.Train ?? (IPictureList)_folders!;
    }

    /// <summary>At the size of what is searched, where that is given.</summary>
    public VisionModel Model { get; }

    public IPictureList Pictures { get; }

    /// <summary>Of the data set; null for folders and tensors.</summary>
    public string? DataName => _data?.Name;

    /// <summary>The files of some pictures, in the order of their names; none where the pictures of a data set lie in one file.</summary>
    public IReadOnlyList<InputFile> FilesOf(IEnumerable<int> indices) => _folders is { } folders
        ? [.. indices.Distinct().Select(i => folders.Files[i]).OrderBy(f => f.Name, StringComparer.Ordinal).Select(f => InputFile.Of(f.Path, f.Name))]
        : _tensor is { } tensor ? [tensor] : [];

    public void Dispose()
    {
        _data?.Dispose();
        _rows?.Dispose();
    }
}

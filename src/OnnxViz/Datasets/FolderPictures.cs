using OnnxViz.Imaging.Files;

namespace OnnxViz.Datasets;

/// <summary>The pictures of folders and all folders below them, in the order of their names.</summary>
/// <param name="files">As <see cref="PictureFolder.List"/> finds them.</param>
internal sealed class FolderPictures(IReadOnlyList<PictureFile> files) : IPictureList
{
    private readonly Lazy<string> _fingerprint = new(() => PictureFolder.Fingerprint(files));

    public int Count => files.Count;

    public string Fingerprint => _fingerprint.Value;

    /// <summary>Where they lie.</summary>
    public IReadOnlyList<PictureFile> Files => files;

    public string NameOf(int i) => files[i].Name;

    public Image Load(int i) => ImageFile.Load(files[i].Path);
}

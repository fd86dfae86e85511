using OnnxViz.Datasets;
using OnnxViz.Imaging.Files;

namespace OnnxViz.Cli.Verbs.Top;

/// <summary>Pictures of a list at the model's size; only those asked for last are held.</summary>
internal sealed class FrameCache(VisionModel model, IReadOnlyList<PictureFile> files)
{
    private const int Held = 64;

    private readonly Dictionary<int, Image> _frames = [];
    private readonly Queue<int> _order = [];

    public Image this[int file]
    {
        get
        {
            if (_frames.TryGetValue(file, out var frame)) return frame;
            if (_order.Count == Held) _frames.Remove(_order.Dequeue());
            _order.Enqueue(file);
            return _frames[file] = model.Conventions.Frame(ImageFile.Load(files[file].Path));
        }
    }
}

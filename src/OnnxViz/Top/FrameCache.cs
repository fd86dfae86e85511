using OnnxViz.Datasets;

namespace OnnxViz.Top;

/// <summary>Pictures of a list at the model's size; only those asked for last are held.</summary>
internal sealed class FrameCache(PictureConventions conventions, IPictureList pictures)
{
    /// <summary>How many are held.</summary>
    public const int Held = 64;

    private readonly Dictionary<int, Image> _frames = [];
    private readonly Queue<int> _order = [];

    /// <param name="index">Of the picture in the list.</param>
    public Image this[int index]
    {
        get
        {
            if (_frames.TryGetValue(index, out var frame)) return frame;
            if (_order.Count == Held) _frames.Remove(_order.Dequeue());
            _order.Enqueue(index);
            return _frames[index] = conventions.Frame(pictures.Load(index));
        }
    }
}

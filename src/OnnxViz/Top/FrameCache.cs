using OnnxViz.Datasets;

namespace OnnxViz.Top;

/// <summary>Pictures of a list at the model's size, or rows of a tensor as they are drawn; only those asked for last are held.</summary>
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
            var picture = pictures.Load(index);
            return _frames[index] = pictures is TensorPictures ? picture : conventions.Frame(picture);
        }
    }

    /// <summary>A picture as the model is fed it, [1, ...].</summary>
    /// <param name="index">Of the picture in the list.</param>
    public Tensor Input(int index) => pictures is TensorPictures tensor ? tensor.Input(index) : conventions.ToTensor(this[index]);
}

using OnnxViz.Objectives;

namespace OnnxViz.Detect;

/// <summary>An object that a detector finds in a picture.</summary>
/// <param name="Class">The column of its score among the scores of classes; a background's column counts.</param>
/// <param name="Score">By which boxes are ordered, 0 to 1: where the head has an objectness, the class score times that.</param>
/// <param name="Area">Where it is, in pixels of the model's input.</param>
/// <param name="Target">The class score of the anchor that the box is of, as the network gives it: layer, unit and position, to be explained by any method.</param>
public sealed record DetectedBox(int Class, float Score, BoxArea Area, ScoreTarget Target);

/// <summary>A rectangle in pixels; (0, 0) is the corner of the first one.</summary>
public readonly record struct BoxArea(float Left, float Top, float Right, float Bottom)
{
    /// <summary>0 where it is turned inside out.</summary>
    public float Size => Math.Max(0, Right - Left) * Math.Max(0, Bottom - Top);

    /// <summary>Intersection over union, 0 to 1.</summary>
    public float Iou(BoxArea other)
    {
        var common = new BoxArea(Math.Max(Left, other.Left), Math.Max(Top, other.Top), Math.Min(Right, other.Right), Math.Min(Bottom, other.Bottom)).Size;
        var all = Size + other.Size - common;
        return all > 0 ? common / all : 0;
    }
}

using OnnxViz.Features;
using OnnxViz.Objectives;

namespace OnnxViz.Doctor;

/// <summary>Chooses the layers to begin with: networks are made of stages whose maps have the same stride, and the last layer of a stage knows most.</summary>
internal static class StartLayers
{
    /// <summary>As many as a reader wants to see, the deepest ones.</summary>
    private const int Most = 4;

    /// <summary>Operators behind a layer that only move what it holds.</summary>
    private static readonly HashSet<string> Moving = ["Cast", "Flatten", "Identity", "LogSoftmax", "Pad", "Reshape", "Slice", "Softmax", "Squeeze", "Transpose", "Unsqueeze"];

    /// <param name="model">The network.</param>
    /// <param name="inputDims">Of its input for one picture.</param>
    /// <param name="rows">Its layers.</param>
    /// <param name="scores">Of the classes, which are no layer to begin with; null for none.</param>
    public static IReadOnlyList<StartLayer> Of(VisionModel model, long[] inputDims, IReadOnlyList<LayerRow> rows, Value? scores)
    {
        var layout = InputLayout.Of(model.Conventions.Axes, inputDims);
        var inside = rows.Where(r => r.Layer.Value != scores && !Moving.Contains(r.Op) && Shapes.IsStatic(r.Shape)).ToList();
        // An answer of the network is no stage, where there is another.
        var hidden = inside.FindAll(r => !model.Graph.Outputs.Contains(r.Layer.Value));
        var maps = Stages(hidden);
        if (maps.Count == 0) maps = Stages(inside);
        if (maps.Count > 0) return maps;
        return [.. inside.AsEnumerable().Reverse().Where(r => r.Shape!.Length >= 2 && r.Shape[1] > 1).Select(r => Tried(model, inputDims, r)).OfType<StartLayer>().Take(1)];

        List<StartLayer> Stages(List<LayerRow> among) => [.. among.Where(r => layout.IsMapRank(r.Shape!.Length))
            .GroupBy(r => (r.Height.Jump, r.Width.Jump))
            .Select(stage => stage.Last())
            .OrderBy(r => among.IndexOf(r)).Reverse()
            .Select(r => Tried(model, inputDims, r)).OfType<StartLayer>()
            .Where(s => s.Dims.Length >= 3 && s.Dims[1] > 1 && Shapes.Count(s.Dims.AsSpan(2)) > 1)
            .Take(Most).Reverse()];
    }

    /// <summary>Null where it needs more than the picture.</summary>
    private static StartLayer? Tried(VisionModel model, long[] inputDims, LayerRow row)
    {
        if (Trial.Of(() => LayerShape.Of(model, row.Layer.Value, inputDims)).Found is not { } dims) return null;
        var target = new ScoreTarget(row.Layer.Value, 0, Reduction.Mean);
        return new StartLayer(row.Layer, dims, row.Height, row.Width, Trial.Obstacle(() => Trial.ToPicture(model, inputDims, target)));
    }
}

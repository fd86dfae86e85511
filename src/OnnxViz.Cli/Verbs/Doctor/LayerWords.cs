using OnnxViz.Doctor;
using OnnxViz.Graphs.Fields;
using OnnxViz.Graphs.Naming;

namespace OnnxViz.Cli.Verbs.Doctor;

/// <summary>The layers of a model, and which to begin with.</summary>
internal static class LayerWords
{
    public static IEnumerable<string[]> Rows(Examination found)
    {
        var named = found.Start.Count > 0 ? $", called {Names(found.Start[^1].Layer)}" : "";
        yield return ["layers", $"{found.Layers}{named}; `onnxviz summary` lists them"];
        foreach (var (i, start) in found.Start.Index()) yield return [i == 0 ? "begin with" : "", Of(found, start)];
        if (found is { Classes: not null, Maps: { } maps }) yield return ["CAMs", $"class activation maps are made of {maps.Name} unless --layer names another"];
    }

    private static string Of(Examination found, StartLayer start)
    {
        var layout = InputLayout.Of(found.Model.Conventions.Axes, found.InputDims);
        var (units, positions) = (start.Dims[1], start.Dims[2..]);
        var shape = positions.Length == 0 ? FileWords.Count(units, "unit") : $"{units} units of {string.Join('x', positions)}";
        var gradient = start.NoGradient is null ? "" : ", without a gradient";
        return $"{start.Layer.Name}: {shape}{Field(start, (layout.Height, layout.Width))}{gradient}";
    }

    private static string Field(StartLayer start, (int Height, int Width) input)
    {
        // Of volumes two axes alone are followed.
        if (start.Dims.Length is not (3 or 4)) return "";
        if (All(start.Height, input.Height) && All(start.Width, input.Width)) return ", receptive field: the whole input";
        var (h, w) = (Math.Min(start.Height.Size, input.Height), Math.Min(start.Width.Size, input.Width));
        return input.Height == 1 ? $", receptive field {w:0.##}, stride {start.Width.Jump:0.##}"
            : $", receptive field {h:0.##}x{w:0.##}, stride {(start.Height.Jump == start.Width.Jump ? $"{start.Width.Jump:0.##}" : $"{start.Height.Jump:0.##}x{start.Width.Jump:0.##}")}";
    }

    private static bool All(ReceptiveField field, int length) => field.IsUnbounded || field.Size >= length;

    private static string Names(Layer layer) =>
        layer.Alias is not null ? "as in Caffe, by their place in the chain"
        : layer.ModulePath is not null ? "by the modules of the program that was exported"
        : layer.Name == layer.NodeName ? "by their nodes"
        : "by their tensors";
}

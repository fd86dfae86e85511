using OnnxViz.Graphs.Folding;

namespace OnnxViz.Models;

/// <summary>What a network is fed beside the picture: tensors that were given, and what inputs of known names usually hold.</summary>
internal static class GivenInputs
{
    /// <summary>What messages say that is at fault.</summary>
    public const string Argument = "Given";

    /// <summary>By lower-case name without underscores: what exporters of detectors ask for, from the height and width of the picture.</summary>
    private static readonly Dictionary<string, Func<float, float, float[]>> Usual = new()
    {
        // PaddleDetection: the size that the network sees, and its share of the photograph's.
        ["imshape"] = (h, w) => [h, w],
        ["scalefactor"] = (_, _) => [1, 1],
        ["iminfo"] = (h, w) => [h, w, 1],
        // YOLOv3 of Keras and of the Model Zoo: height and width of the photograph.
        ["imageshape"] = (h, w) => [h, w],
        ["imagesize"] = (h, w) => [h, w],
        ["imgshape"] = (h, w) => [h, w],
        ["imgsize"] = (h, w) => [h, w],
        ["origsize"] = (h, w) => [h, w],
        // RT-DETR and D-FINE: width and height of the photograph.
        ["origtargetsizes"] = (h, w) => [w, h],
    };

    /// <summary>Takes the inputs that tensors were given for out of a graph's inputs.</summary>
    /// <param name="graph">Its inputs are changed.</param>
    /// <param name="model">For messages.</param>
    /// <param name="given">By name of the input.</param>
    /// <returns>For each of these inputs its tensor, of the input's type and rank.</returns>
    /// <exception cref="OnnxVizException">No such input, or another shape.</exception>
    public static IReadOnlyDictionary<Value, Tensor> Take(Graph graph, string model, IReadOnlyDictionary<string, Tensor> given)
    {
        var taken = new Dictionary<Value, Tensor>();
        foreach (var (name, tensor) in given)
        {
            var input = graph.Inputs.Find(i => i.Name == name) ?? throw OnnxVizException.BadArgument(Argument,
                $"{name}: {model} has no input of this name; its inputs: {string.Join(", ", graph.Inputs)}.", Fault.Input);
            taken.Add(input, Fitted(input, tensor));
        }

        if (taken.Count > 0 && taken.Count == graph.Inputs.Count)
            throw OnnxVizException.BadArgument(Argument, $"gives every input of {model}: one has to be left for the pictures.", Fault.Input);
        graph.Inputs.RemoveAll(taken.ContainsKey);
        return taken;
    }

    /// <summary>What an input usually holds for pictures of a size; null where its name or shape says nothing.</summary>
    public static Tensor? UsualOf(Value input, int height, int width)
    {
        if (!Usual.TryGetValue(input.Name.Replace("_", "", StringComparison.Ordinal).ToLowerInvariant(), out var numbers)) return null;
        var row = numbers(height, width);
        if (input.Dims is { Length: 1 or 2 } dims && (dims[^1] < 0 || dims[^1] == row.Length) && input.Type.Size() > 0)
            return Casting.To(dims.Length == 1 ? Tensor.Of(row, row.Length) : Tensor.Of(row, 1, row.Length), input.Type);
        return null;
    }

    /// <summary>Rows of a tensor that has one for each picture; 1 of what is the same for all.</summary>
    public static int RowsOf(Value input, Tensor tensor) => input.Dims is [< 0 or 1, ..] && tensor.Dims[0] > 1 ? (int)tensor.Dims[0] : 1;

    /// <summary>What one picture has of it.</summary>
    public static Tensor RowOf(Value input, Tensor tensor, int row)
    {
        if (RowsOf(input, tensor) == 1) return tensor;
        var size = (int)(tensor.ByteLength / tensor.Dims[0]);
        return new Tensor(tensor.Type, [1, .. tensor.Dims[1..]], () => tensor.Bytes.AsSpan(row * size, size).ToArray());
    }

    private static Tensor Fitted(Value input, Tensor tensor)
    {
        if (input.Dims is { } dims)
        {
            // A row alone, where the first axis is that of the pictures.
            if (tensor.Dims.Length == dims.Length - 1 && dims[0] is < 0 or 1) tensor = tensor.Reshaped([1, .. tensor.Dims]);
            var isRows = dims.Length > 0 && dims[0] == 1;
            if (tensor.Dims.Length != dims.Length || dims.Zip(tensor.Dims).Skip(isRows ? 1 : 0).Any(d => d.First >= 0 && d.First != d.Second))
                throw OnnxVizException.BadArgument(Argument, $"{input.Name} takes [{Shapes.Text(dims)}], not [{Shapes.Text(tensor.Dims)}].", Fault.Input);
        }

        if (tensor.Count == 0) throw OnnxVizException.BadArgument(Argument, $"{input.Name}: a tensor of the shape [{Shapes.Text(tensor.Dims)}] is empty.", Fault.Input);
        return input.Type.Size() == 0 ? tensor : Casting.To(tensor, input.Type);
    }
}

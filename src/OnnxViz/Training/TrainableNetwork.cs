using OnnxViz.Onnx;

namespace OnnxViz.Training;

/// <summary>
/// A forward graph whose weights are constants with names: what is trained, and what is saved with the weights that
/// training found. It is used by one thread at a time.
/// </summary>
internal sealed class TrainableNetwork
{
    private readonly Value _output;

    /// <param name="name">What the network is called.</param>
    /// <param name="graph">For inference; its batch is open, or the one that it was exported with.</param>
    /// <param name="input">Takes the pictures, [N, C, H, W] or [N, H, W, C].</param>
    /// <param name="scores">One number per class before any softmax, [N, K] or [N, K, 1, 1].</param>
    /// <param name="conventions">What becomes of a picture before the network sees it.</param>
    /// <param name="parameters">What is trained, and the running statistics beside it.</param>
    public TrainableNetwork(string name, Graph graph, Value input, Value scores, PictureConventions conventions, IReadOnlyList<Parameter> parameters)
    {
        (Name, Graph, Input, _output, Conventions, Parameters) = (name, graph, input, scores, conventions, parameters);
        Initial = parameters.ToDictionary(p => p.Name, p => p.Value.Constant!);
    }

    /// <summary>What the network is called.</summary>
    public string Name { get; }

    /// <summary>For inference, with the initial weights.</summary>
    public Graph Graph { get; }

    /// <summary>The graph's input of pictures.</summary>
    public Value Input { get; }

    /// <summary>One number per class before any softmax.</summary>
    public Value Scores => _output;

    /// <summary>What becomes of a picture before the network sees it.</summary>
    public PictureConventions Conventions { get; }

    /// <summary>What is trained, and the running statistics beside it, in the order of the graph.</summary>
    public IReadOnlyList<Parameter> Parameters { get; }

    /// <summary>The parameters before training, by name.</summary>
    public IReadOnlyDictionary<string, Tensor> Initial { get; }

    /// <summary>How many classes the scores tell apart.</summary>
    public int Classes => (int)Scores.Dims![1];

    /// <summary>Numbers that a gradient changes.</summary>
    public long TrainedNumbers => Parameters.Where(p => !p.IsBuffer).Sum(p => p.Count);

    /// <summary>Writes the network for inference; the file is there whole or not at all.</summary>
    /// <param name="path">Where to; a file that is there is replaced.</param>
    /// <param name="values">The parameters, by name; a parameter that is not among them has its initial value.</param>
    /// <param name="metadata">What the file says of itself.</param>
    /// <exception cref="OnnxVizException">The file cannot be written.</exception>
    public void Save(string path, IReadOnlyDictionary<string, Tensor> values, IReadOnlyDictionary<string, string> metadata)
    {
        foreach (var p in Parameters) p.Value.Constant = values.GetValueOrDefault(p.Name) ?? Initial[p.Name];
        try
        {
            OnnxFile.Save(Graph, path, metadata);
        }
        finally
        {
            foreach (var p in Parameters) p.Value.Constant = Initial[p.Name];
        }
    }
}

using OnnxViz.Autodiff.Rules;

namespace OnnxViz.Graphs.Naming;

/// <summary>
/// The layers of a network and their names: every floating-point result between the image input and an output. Build
/// it from the graph as it was loaded: where a graph has been inlined, names of weights are gone.
/// </summary>
public sealed class LayerTable
{
    private readonly Dictionary<string, HashSet<Value>> _byName = [];
    private readonly Dictionary<Value, Layer> _byValue;
    private readonly List<Value> _inputs;
    private readonly string _model;

    private LayerTable(Graph graph, string model)
    {
        (_model, _inputs) = (model, graph.Inputs);
        var flow = DataFlow.Of(graph);
        var modules = Modules(flow);
        var sequences = Sequences(graph);
        var layers = new List<Layer>();
        foreach (var node in flow.Nodes)
            foreach (var value in flow.OutputsOf(node))
                if ((value.Type.IsFloating() || value.Type == ElementType.Undefined) && !sequences.Contains(value))
                    layers.Add(new Layer(value, node, null, modules.GetValueOrDefault(value, [])));

        foreach (var layer in layers) Register(layer.Names(), layer.Value);
        foreach (var input in _inputs) Register([input.Name], input);
        Layers = WithAliases(layers, ChainAliases.Of(flow));
        _byValue = Layers.ToDictionary(l => l.Value);
    }

    private LayerTable(IReadOnlyList<Layer> layers, List<Value> inputs, string model)
    {
        (Layers, _inputs, _model) = (layers, inputs, model);
        foreach (var layer in layers) Register(layer.Names(), layer.Value);
        foreach (var input in inputs) Register([input.Name], input);
        _byValue = layers.DistinctBy(l => l.Value).ToDictionary(l => l.Value);
    }

    /// <summary>In the order of the graph.</summary>
    public IReadOnlyList<Layer> Layers { get; }

    /// <summary>A table whose names have been worked out before, from the graph as it was loaded then.</summary>
    public static LayerTable Known(IReadOnlyList<Layer> layers, IEnumerable<Value> inputs, string model) => new(layers, [.. inputs], model);

    /// <param name="graph">A loaded model.</param>
    /// <param name="model">What error messages call it; by default the name of the graph.</param>
    public static LayerTable For(Graph graph, string? model = null) => new(graph, model ?? graph.Name);

    /// <summary>
    /// The tensor that an alias, a module, a node, a tensor, an input or an output of that name stands for. A module
    /// means its output, a node its result. Upper and lower case are told apart only if that makes a difference.
    /// </summary>
    /// <exception cref="OnnxVizException">There is no such name, or it stands for several tensors.</exception>
    public Value Find(string name)
    {
        var found = _byName.TryGetValue(name, out var exact)
            ? exact
            : _byName.Where(n => n.Key.Equals(name, StringComparison.OrdinalIgnoreCase)).SelectMany(n => n.Value).ToHashSet();
        return found.Count switch
        {
            1 => found.First(),
            0 => throw Unknown(name),
            _ => throw OnnxVizException.Input(
                $"'{name}' is the name of {found.Count} layers in {_model}. Name one of their tensors: "
                + $"{string.Join(", ", found.Select(v => v.Name))}."),
        };
    }

    /// <summary>Whether anything is called exactly so.</summary>
    public bool Has(string name) => _byName.ContainsKey(name);

    /// <summary>The layer of a tensor; null for inputs and what is no layer.</summary>
    public Layer? Of(Value value) => _byValue.GetValueOrDefault(value);

    /// <summary>What to call a tensor.</summary>
    public string NameOf(Value value) => Of(value)?.Name ?? value.Name;

    /// <summary>The values that are lists of tensors, of which no one can be looked at.</summary>
    private static HashSet<Value> Sequences(Graph graph)
    {
        var found = new HashSet<Value>();
        foreach (var node in graph.Nodes.Where(n => n.Domain.Length == 0))
        {
            var inside = node.OpType switch { "If" => "then_branch", "Loop" => "body", _ => null } is { } name ? node.Attributes.GetValueOrDefault(name) as Graph : null;
            // The first output of a loop's body is its condition.
            var first = node.OpType == "Loop" ? 1 : 0;
            var lists = inside is null ? null : Sequences(inside);
            for (var i = 0; i < node.Outputs.Length; i++)
            {
                if (node.Is(OperatorNature.MakesSequence) || (node.OpType == "Identity" && node.Input(0) is { } x && found.Contains(x))
                    || (lists?.Count > 0 && first + i < inside!.Outputs.Count && lists.Contains(inside.Outputs[first + i])))
                    found.Add(node.Outputs[i]);
            }
        }

        return found;
    }

    private static Dictionary<Value, List<string>> Modules(DataFlow flow)
    {
        var outputs = ExporterScopes.Outputs(flow);
        // Where both know a module, its scope is sure and its parameters are a guess.
        foreach (var (module, value) in ParameterModules.Outputs(flow)) outputs.TryAdd(module, value);
        return outputs.GroupBy(o => o.Value, o => o.Key)
            .ToDictionary(g => g.Key, g => g.OrderByDescending(m => m.Count(c => c == '.')).ThenByDescending(m => m.Length).ToList());
    }

    private List<Layer> WithAliases(List<Layer> layers, Dictionary<Value, string> aliases)
    {
        // Names that the file has itself win. If one of them means another tensor, the file counts in its own way
        // (LeNet's fc1 is no fc3), and two ways of counting side by side would mislead.
        if (aliases.Any(a => _byName.TryGetValue(a.Value, out var named) && !named.Contains(a.Key))) return layers;
        return layers.ConvertAll(layer =>
        {
            if (!aliases.TryGetValue(layer.Value, out var alias) || _byName.ContainsKey(alias)) return layer;
            Register([alias], layer.Value);
            return layer with { Alias = alias };
        });
    }

    private void Register(IEnumerable<string> names, Value value)
    {
        foreach (var name in names) (_byName.TryGetValue(name, out var set) ? set : _byName[name] = []).Add(value);
    }

    private OnnxVizException Unknown(string name)
    {
        string[] parts = name.Split(',', StringSplitOptions.TrimEntries);
        if (parts.Length > 1 && Array.TrueForAll(parts, Has)) return OnnxVizException.Usage($"'{name}' are {parts.Length} layers of {_model}; one is meant here, such as '{parts[0]}'.");
        var names = Layers.Select(l => NearestNames.Order(name, l.Names(), n => n).First()).Concat(_inputs.Select(i => i.Name));
        var nearest = NearestNames.Order(name, names, n => n).Distinct().Take(3);
        return OnnxVizException.Input(
            $"No layer '{name}' in {_model}. Nearest: {string.Join(", ", nearest)}.", argument: "Layer");
    }
}

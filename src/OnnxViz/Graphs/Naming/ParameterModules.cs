using OnnxViz.Autodiff.Rules;

namespace OnnxViz.Graphs.Naming;

/// <summary>
/// Finds the outputs of modules in files whose nodes have no scopes: by where the results of all nodes that own a
/// module's parameters meet. Activations and a skip connection around the module have no parameters; they are counted to
/// the module in front of them, as the blocks of ResNet, MobileNet, GoogLeNet and their kin are built. A module that is
/// one node with its own weight is that node alone.
/// </summary>
internal sealed class ParameterModules
{
    private readonly DataFlow _flow;
    private readonly PostDominators _after;
    private readonly Dictionary<Node, string> _owners;
    private readonly Dictionary<string, int> _parts = [];
    private readonly Dictionary<Node, int> _places = [];
    private readonly SortedSet<int> _pools = [];

    private ParameterModules(DataFlow flow)
    {
        (_flow, _after) = (flow, new PostDominators(flow));
        // Exporters store equal parameters once, so a shared one says nothing about who owns it.
        _owners = flow.Nodes.Select(n => (Node: n, Owner: ParameterNames.OwnerOf(n)))
            .Where(o => o.Owner is not null)
            .GroupBy(o => o.Owner!.Value.Parameter)
            .Where(g => g.Count() == 1)
            .ToDictionary(g => g.First().Node, g => g.First().Owner!.Value.Module);
        foreach (var owner in _owners.Values)
            for (var path = Parent(owner); path.Length > 0; path = Parent(path)) _parts[path] = _parts.GetValueOrDefault(path) + 1;
        foreach (var (node, i) in flow.Nodes.Select((n, i) => (n, i)))
        {
            _places[node] = i;
            if (node.OpType == "MaxPool") _pools.Add(i);
        }
    }

    /// <summary>For every module with parameters of its own or of its parts: the value it delivers, where there is one.</summary>
    public static Dictionary<string, Value> Outputs(DataFlow flow)
    {
        var modules = new ParameterModules(flow);
        var outputs = new Dictionary<string, Value>();
        foreach (var (module, members) in modules.Members())
            if (modules.OutputOf(module, members) is { } value) outputs.Add(module, value);
        return outputs;
    }

    private Dictionary<string, List<Node>> Members()
    {
        var members = new Dictionary<string, List<Node>>();
        foreach (var node in _flow.Nodes)
            for (var path = _owners.GetValueOrDefault(node, ""); path.Length > 0; path = Parent(path))
                (members.TryGetValue(path, out var list) ? list : members[path] = []).Add(node);
        return members;
    }

    private Value? OutputOf(string module, List<Node> members)
    {
        if (_after.Meeting(members) is not { } end) return null;
        if (members.Exists(n => _owners[n] != module))
        {
            var before = Before(members);
            // "features.3.conv" holds all that "features.3" does: the skip around both belongs to the numbered block.
            var isWrapped = !IsNumber(Item(module)) && Parent(module).Length > 0 && Members(Parent(module)) == members.Count;
            var reached = end;
            while (_after.Next(reached) is { } next && Belongs(reached, next, before, !isWrapped))
            {
                reached = next;
                // A change of layout at the end is the next module's, between other things it is this one's.
                if (reached.OpType != "Transpose") end = reached;
            }

            if (_after.Next(end) is { OpType: "MaxPool" } pool && PoolsItself(module, members)) end = pool;
        }

        return _flow.OutputsOf(end).ToList() is [var value] ? value : null;
    }

    /// <summary>How many nodes own parameters of the parts of a module.</summary>
    private int Members(string module) => _parts.GetValueOrDefault(module);

    /// <summary>Whether everything between two nodes, the second included, is a tail of what ends at the first.</summary>
    private bool Belongs(Node end, Node next, HashSet<Value> before, bool skips)
    {
        var inside = new HashSet<Node> { end };
        var open = new Stack<Node>(_flow.Consumers(end));
        while (open.TryPop(out var node))
        {
            if (!Trails(node) || _owners.ContainsKey(node)) return false;
            if (!inside.Add(node) || node == next) continue;
            foreach (var consumer in _flow.Consumers(node)) open.Push(consumer);
        }

        return inside.Where(n => n != end).SelectMany(_flow.InputsOf).All(i =>
            (i.Producer is { } from && inside.Contains(from)) || (skips && before.Contains(i)));
    }

    private static bool Trails(Node node) => node.Is(OperatorNature.Activation) || node is { OpType: "Add" or "Mul" or "Transpose", Domain: "" };

    /// <summary>A Sequential of numbered convolutions with pooling between them: the pooling behind the last is its too.</summary>
    private bool PoolsItself(string module, List<Node> members) =>
        members.TrueForAll(n => Parent(_owners[n]) == module && IsNumber(Item(_owners[n])))
        && _pools.GetViewBetween(_places[members[0]], Math.Max(_places[members[0]], _places[members[^1]])).Count > 0;

    /// <summary>
    /// What comes in, and what is made on the way to the last member: all that lies before the members, as far as the
    /// nearest parameters of others. A skip around more than the module starts further away and is not its own.
    /// </summary>
    private HashSet<Value> Before(List<Node> members)
    {
        var (own, before) = (members.ToHashSet(), new HashSet<Value>());
        var open = new Stack<Node>(members);
        while (open.TryPop(out var node))
        {
            foreach (var input in _flow.InputsOf(node))
                if (before.Add(input) && input.Producer is { } from && (own.Contains(from) || !_owners.ContainsKey(from))) open.Push(from);
        }

        return before;
    }

    private static string Parent(string path) => path.LastIndexOf('.') is var dot and >= 0 ? path[..dot] : "";

    private static string Item(string path) => path[(path.LastIndexOf('.') + 1)..];

    private static bool IsNumber(string text) => text.Length > 0 && text.All(char.IsAsciiDigit);
}

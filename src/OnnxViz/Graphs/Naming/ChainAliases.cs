namespace OnnxViz.Graphs.Naming;

/// <summary>
/// Caffe's names for networks that are one plain chain: convolutions in blocks that end with a pooling, then fully
/// connected layers, at least two blocks. If some block before the last has several convolutions, they are counted
/// within blocks, as VGG's are: conv1_1 relu1_1 conv1_2 relu1_2 pool1 .. pool5 fc6 relu6 .. fc8. Otherwise they are counted
/// through, as AlexNet's are, and a pooling bears the number of the convolution before it: conv1 relu1 pool1 conv2 relu2
/// pool2 conv3 conv4 conv5 pool5 fc6. Any activation is a "relu", an average pooling a "pool", so that a net made smooth
/// keeps its names.
/// </summary>
internal static class ChainAliases
{
    private const string Pooling = "pool", Convolution = "conv", Connected = "fc", Activation = "relu";

    /// <summary>Value -> alias; empty when the network is no such chain.</summary>
    public static Dictionary<Value, string> Of(DataFlow flow)
    {
        var aliases = new Dictionary<Value, string>();
        if (Steps(flow) is not { } steps) return aliases;
        var blocks = PooledBlocks(steps);
        if (blocks.Count < 2) return aliases;
        var withinBlocks = blocks.SkipLast(1).Any(convolutions => convolutions > 1);

        var (block, inBlock, total, connected, number) = (1, 0, 0, 0, "");
        var given = new HashSet<string>();
        foreach (var (word, value) in steps)
        {
            switch (word)
            {
                case Convolution:
                    (inBlock, total) = (inBlock + 1, total + 1);
                    number = withinBlocks ? $"{block}_{inBlock}" : $"{total}";
                    break;
                case Connected:
                    connected++;
                    number = $"{(withinBlocks ? block - (inBlock == 0 ? 1 : 0) : total) + connected}";
                    break;
                case Pooling:
                    if (inBlock == 0) continue;
                    number = withinBlocks ? $"{block}" : $"{total}";
                    (block, inBlock) = (block + 1, 0);
                    break;
            }

            // A second activation behind one convolution has no name in Caffe's scheme.
            if (number.Length > 0 && given.Add(word + number)) aliases[value] = word + number;
        }

        return aliases;
    }

    /// <summary>The named steps from the picture to the end, or null where the way forks or joins.</summary>
    private static List<(string Word, Value Value)>? Steps(DataFlow flow)
    {
        if (flow.Inputs is not [var value]) return null;
        var steps = new List<(string Word, Value Value)>();
        for (var left = flow.Nodes.Count; left > 0; left--)
        {
            if (flow.Consumers(value) is not [var node] || flow.OutputsOf(node).ToList() is not [var output]) return null;
            if (ParameterNames.AddsBias(node) && steps.Count > 0 && steps[^1].Value == value) steps[^1] = (steps[^1].Word, output);
            else if (Word(node) is { } word) steps.Add((word, output));
            value = output;
        }

        return steps;
    }

    private static string? Word(Node node) => node.OpType switch
    {
        "Conv" => Convolution,
        "Gemm" or "MatMul" => Connected,
        "BatchNormalization" => "bn",
        "LRN" => "norm",
        _ when node.Is(OperatorNature.Pool) => Pooling,
        _ when node.Is(OperatorNature.Activation) => Activation,
        _ => null,
    };

    /// <summary>How many convolutions each block has that ends with a pooling.</summary>
    private static List<int> PooledBlocks(List<(string Word, Value Value)> steps)
    {
        var (blocks, open) = (new List<int>(), 0);
        foreach (var (word, _) in steps)
        {
            if (word == Convolution) open++;
            if (word != Pooling || open == 0) continue;
            blocks.Add(open);
            open = 0;
        }

        return blocks;
    }
}

namespace OnnxViz.Detect;

/// <summary>Finds the scores that a network chooses its boxes by.</summary>
internal static class Selection
{
    private static readonly HashSet<string> Choosing = ["TopK", "Gather", "GatherElements", "GatherND", "ReduceMax"];

    private static readonly HashSet<string> Arranging = ["Reshape", "Flatten", "Squeeze", "Unsqueeze", "Cast", "Identity", "Transpose", "Concat", "Slice", "Expand", "Split"];

    /// <summary>Whether something chooses among boxes on the way to a value.</summary>
    public static bool IsBehind(Value value)
    {
        var (open, seen) = (new Stack<Value>([value]), new HashSet<Value>());
        while (open.TryPop(out var one))
        {
            if (!seen.Add(one) || one.Producer is not { } node) continue;
            if (node is { OpType: "TopK" or "NonMaxSuppression", Domain: "" }) return true;
            if (Choosing.Contains(node.OpType) || Arranging.Contains(node.OpType) || node.OpType is "Mul" or "Add" or "Sub" or "Div" or "Mod")
                foreach (var input in node.Inputs.OfType<Value>()) open.Push(input);
        }

        return false;
    }

    /// <summary>The scores that a score for each box was chosen from by a TopK: of all anchors and all classes.</summary>
    /// <param name="chosen">[1, K], or [1, K, 6] with the score in the fifth column.</param>
    /// <param name="dimsOf">What is known of shapes.</param>
    /// <returns>Of rank 3; null where it is not found.</returns>
    public static Value? Source(Value chosen, Func<Value, long[]?> dimsOf)
    {
        Value? found = null;
        var hasTop = false;
        for (var value = chosen; value.Producer is { Domain: "" } node;)
        {
            var isChoosing = Choosing.Contains(node.OpType);
            if (!isChoosing && !Arranging.Contains(node.OpType)) break;
            hasTop |= node.OpType == "TopK";
            var next = node.OpType == "Concat" ? ScorePart(node, dimsOf) : node.Input(0);
            if (next is null || (node.OpType == "TopK" && node.Outputs[0] != value)) break;
            // What is in front of all that chooses, in the order in which the first of them takes it.
            if (isChoosing || found is null || dimsOf(found)?.Length != 3) found = isChoosing || found is not null ? next : null;
            value = next;
        }

        return hasTop && found is { Producer: not null } && dimsOf(found) is [_, > 0, > 0] ? found : null;
    }

    /// <summary>Of what is joined to rows of a box, a score and a class that which gives the fifth column.</summary>
    private static Value? ScorePart(Node concat, Func<Value, long[]?> dimsOf)
    {
        var parts = concat.Inputs.OfType<Value>().ToList();
        var first = 0L;
        foreach (var part in parts)
        {
            if (dimsOf(part) is not [.., > 0 and var count]) return parts.Count == 3 ? parts[1] : null;
            if (first == 4) return count <= 2 ? part : null;
            first += count;
            if (first > 4) return part;
        }

        return null;
    }
}

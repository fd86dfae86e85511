namespace OnnxViz.Graphs.Recurrent;

/// <summary>
/// GRU (Cho et al. 2014), gates in the order z, r, h: H' = (1 - z) h + z H, where h sees r H, or with linear_before_reset r times the
/// product of H with its weights, as cuDNN and PyTorch have it.
/// </summary>
internal sealed class GatedRecurrence(IEmitter emitter, Node node) : Recurrence(emitter, node, 3)
{
    private readonly bool _isLinearFirst = node.Int("linear_before_reset", 0) != 0;

    protected override Value InputBias(Value input, Value recurrent)
    {
        if (!_isLinearFirst) return E.Add(input, recurrent);
        // What the reset gate scales is not always added.
        return E.Concat(0, E.Add(Rows(input, 0, 2), Rows(recurrent, 0, 2)), Rows(input, 2, 1));
    }

    protected override Value[] Step(Direction direction, Value x, Value?[] state)
    {
        var (h, gate, activation) = (state[0], direction.Activations[0], direction.Activations[1]);
        var parts = Split(x, 2, 1);
        var products = Recurrent(direction, h, 0, _isLinearFirst ? 3 : 2) is not { } all ? null : _isLinearFirst ? Split(all, 2, 1) : [all];
        var gates = Split(gate.Apply(E, Sum(parts[0], products?[0])), 1, 1);
        var (update, reset) = (gates[0], gates[1]);
        Value? more;
        if (_isLinearFirst)
        {
            var bias = direction.B is { } b ? Part(b, 0, 5, 1, 6) : null;
            var scaled = products is null ? bias : bias is null ? products[1] : E.Add(products[1], bias);
            more = scaled is null ? null : E.Mul(reset, scaled);
        }
        else
        {
            more = Recurrent(direction, h is null ? null : E.Mul(reset, h), 2, 1);
        }

        var fresh = activation.Apply(E, Sum(parts[1], more));
        var kept = E.Mul(E.Sub(E.Scalar(1), update), fresh);
        return [h is null ? kept : E.Add(kept, E.Mul(update, h))];
    }
}

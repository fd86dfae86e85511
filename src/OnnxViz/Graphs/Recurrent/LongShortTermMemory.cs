namespace OnnxViz.Graphs.Recurrent;

/// <summary>
/// LSTM (Hochreiter and Schmidhuber 1997, with the forget gate and peepholes of Gers), gates in the order i, o, f, c: C' = f C + i c,
/// H' = o h(C').
/// </summary>
internal sealed class LongShortTermMemory(IEmitter emitter, Node node) : Recurrence(emitter, node, 4)
{
    private readonly bool _isCoupled = node.Int("input_forget", 0) != 0;

    protected override Value[] Step(Direction direction, Value x, Value?[] state)
    {
        var (gate, candidate, output) = (direction.Activations[0], direction.Activations[1], direction.Activations[2]);
        var (cell, peepholes) = (state[1], direction.P);
        var all = Sum(x, Recurrent(direction, state[0], 0, 4));
        if (peepholes is null && !_isCoupled)
        {
            // The three gates in one: fewer and larger operators.
            var halves = Split(all, 3, 1);
            var gates = Split(gate.Apply(E, halves[0]), 1, 1, 1);
            var next = Next(gates[0], gates[2], halves[1]);
            return [E.Mul(gates[1], output.Unclipped(E, next)), next];
        }

        var parts = Split(all, 1, 1, 1, 1);
        var i = gate.Apply(E, Peeked(parts[0], cell, Peephole(0)));
        var f = _isCoupled ? E.Sub(E.Scalar(1), i) : gate.Apply(E, Peeked(parts[2], cell, Peephole(2)));
        var last = Next(i, f, parts[3]);
        var o = gate.Apply(E, Peeked(parts[1], last, Peephole(1)));
        return [E.Mul(o, output.Unclipped(E, last)), last];

        Value Next(Value input, Value forget, Value fresh)
        {
            var added = E.Mul(input, candidate.Apply(E, fresh));
            return cell is null ? added : E.Add(E.Mul(forget, cell), added);
        }

        Value? Peephole(int number) => peepholes is null ? null : Part(peepholes, 0, number, 1, 3);
    }
}

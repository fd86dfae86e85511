namespace OnnxViz.Graphs.Recurrent;

/// <summary>RNN: H' = f(X W^T + H R^T + b).</summary>
internal sealed class PlainRecurrence(IEmitter emitter, Node node) : Recurrence(emitter, node, 1)
{
    protected override Value[] Step(Direction direction, Value x, Value?[] state) =>
        [direction.Activations[0].Apply(E, Sum(x, Recurrent(direction, state[0], 0, 1)))];
}

namespace OnnxViz.Check;

/// <summary>
/// What a row of <see cref="FrozenRules"/> sees of a node: its inputs X in the frozen copy, into which it emits, and the
/// same inputs X0 at the point where the pattern was taken, in the graph that <see cref="Point"/> emits into.
/// </summary>
internal sealed class FrozenContext(FrozenCopy copy, Node node) : IEmitter
{
    public GraphBuilder Builder => copy.Frozen;

    public GraphBuilder Point => copy.Point;

    public Node Node => node;

    public Value X(int i = 0) => copy.Counterpart(node.Required(i));

    public Value X0(int i = 0) => node.Required(i);

    public Value Y0 => node.Outputs[0];

    /// <summary>What a value is at the point, as an input of the frozen copy.</summary>
    public Value Hold(Value atPoint) => copy.Hold(atPoint);

    /// <summary>Whether the input is above the bound at the point.</summary>
    public Value IsAbove(float bound) => Hold(Point.Greater(X0(), Point.Scalar(bound)));
}

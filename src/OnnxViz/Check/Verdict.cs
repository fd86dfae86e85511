namespace OnnxViz.Check;

/// <summary>What comparing a gradient with differences says, the best first.</summary>
internal enum Verdict
{
    /// <summary>They are equal within the tolerance.</summary>
    Agrees,

    /// <summary>There is no derivative here: left and right of the point the function rises differently.</summary>
    Kink,

    /// <summary>Rounding or curvature leaves the differences too vague to judge by.</summary>
    Unresolved,

    /// <summary>They differ, and nothing excuses it.</summary>
    Wrong,
}

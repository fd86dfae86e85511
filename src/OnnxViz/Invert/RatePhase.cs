namespace OnnxViz.Invert;

/// <summary>Steps that share a learning rate; each phase starts with an empty memory.</summary>
/// <param name="Steps">How many.</param>
/// <param name="LearningRate">Of all of them.</param>
/// <param name="Moves">Whether the picture is moved about.</param>
/// <param name="Data">Times the weight of the distance between the codes.</param>
internal sealed record RatePhase(int Steps, double LearningRate, bool Moves = false, double Data = 1)
{
    /// <summary>The same phases, stretched or shortened to a number of steps.</summary>
    public static IReadOnlyList<RatePhase> Scaled(IReadOnlyList<RatePhase> phases, int steps)
    {
        var total = phases.Sum(p => p.Steps);
        var result = new List<RatePhase>();
        var (end, made) = (0, 0);
        foreach (var phase in phases)
        {
            end += phase.Steps;
            // Ends are rounded, not lengths: the steps add up.
            var until = (int)Math.Round((double)end * steps / total, MidpointRounding.AwayFromZero);
            if (until > made) result.Add(phase with { Steps = until - made });
            made = until;
        }

        return result;
    }
}

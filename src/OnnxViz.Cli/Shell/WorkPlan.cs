namespace OnnxViz.Cli.Shell;

/// <summary>
/// How much of some work is done, and how long the rest takes. The work is of several kinds, such as methods, layers or octaves; what one of a kind costs is
/// measured as it is done, and until then guessed by its weight beside those that were measured.
/// </summary>
/// <param name="clock">Tells the time.</param>
internal sealed class WorkPlan(TimeProvider clock)
{
    private readonly Dictionary<string, Kind> _kinds = [];
    private readonly long _start = clock.GetTimestamp();
    private TimeSpan _last;
    private double _shown;

    /// <summary>0 to 1; it never falls.</summary>
    public double Share => _shown;

    /// <summary>How long it has been going on.</summary>
    public TimeSpan Elapsed => clock.GetElapsedTime(_start);

    /// <summary>What it all takes, as far as that can be told; null before something was measured without the time that it takes to get started.</summary>
    public TimeSpan? Total => _kinds.Values.Any(k => k.IsMeasured || k.Done >= k.Count) ? Elapsed + TimeSpan.FromSeconds(Left()) : null;

    /// <summary>Whether every kind of which some is left was measured.</summary>
    public bool IsSure => _kinds.Values.All(k => k.IsMeasured || k.Done >= k.Count);

    /// <summary>Adds work, to be done in any order.</summary>
    /// <param name="kind">Its name.</param>
    /// <param name="count">How many of it.</param>
    /// <param name="weight">What one costs beside those of other kinds.</param>
    public void Add(string kind, double count, double weight = 1)
    {
        if (!_kinds.TryGetValue(kind, out var known)) _kinds[kind] = known = new Kind { Weight = weight };
        known.Count += count;
    }

    /// <summary>The time since the last report was spent on this kind.</summary>
    /// <param name="kind">One that was added.</param>
    /// <param name="done">How many of it are done in all; fractions count.</param>
    public void Report(string kind, double done)
    {
        var (now, k) = (Elapsed, _kinds[kind]);
        k.Spent += (now - _last).TotalSeconds;
        _last = now;
        k.Done = Math.Clamp(done, k.Done, k.Count);
        // The first of a kind builds graphs and sessions.
        if (k.Begun is null && k.Done > 0) k.Begun = (k.Done, k.Spent);
        _shown = Math.Clamp(Reached(now.TotalSeconds), _shown, 1);
    }

    private double Reached(double elapsed)
    {
        var (done, all) = (_kinds.Values.Sum(k => k.Done * k.Weight), _kinds.Values.Sum(k => k.Count * k.Weight));
        if (all == 0 || _kinds.Values.All(k => k.Done >= k.Count)) return 1;
        if (_kinds.Count == 1 || elapsed <= 0) return done / all;
        return done == 0 ? 0 : elapsed / (elapsed + Left());
    }

    /// <summary>Seconds that the rest takes.</summary>
    private double Left()
    {
        var measured = _kinds.Values.Where(k => k.Done > 0).ToList();
        var weight = measured.Sum(k => k.Done * k.Weight);
        var perWeight = weight > 0 ? measured.Sum(k => k.Done * k.Rate) / weight : 0;
        return _kinds.Values.Sum(k => (k.Count - k.Done) * (k.Done > 0 ? k.Rate : k.Weight * perWeight));
    }

    private sealed class Kind
    {
        public double Count { get; set; }

        public double Weight { get; init; }

        public double Done { get; set; }

        /// <summary>Seconds.</summary>
        public double Spent { get; set; }

        /// <summary>What was done, and spent, at the first report.</summary>
        public (double Done, double Spent)? Begun { get; set; }

        /// <summary>Whether its rate is known without what it takes to get started: as much was done since then as before.</summary>
        public bool IsMeasured => Begun is var (done, spent) && Done >= 2 * done && Spent > spent;

        /// <summary>Seconds for one; of what is over, with all that it took.</summary>
        public double Rate => IsMeasured && Done < Count ? (Spent - Begun!.Value.Spent) / (Done - Begun.Value.Done) : Done > 0 ? Spent / Done : 0;
    }
}

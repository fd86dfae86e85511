namespace OnnxViz.Cli.Shell;

/// <summary>Work as it goes on: tells a share that never falls, and once, where it will take long, how long. For any number of threads.</summary>
/// <param name="title">What is being done, and how much of it.</param>
/// <param name="show">Is given the share done, 0 to 1, and a word about it.</param>
/// <param name="announce">Is given the line that says how long it takes; null for nobody.</param>
/// <param name="clock">Tells the time; null for the system's.</param>
internal sealed class WorkProgress(string title, Action<double, string> show, Action<string>? announce, TimeProvider? clock = null)
{
    /// <summary>Shorter work is waited for without a word.</summary>
    private static readonly TimeSpan Long = TimeSpan.FromMinutes(1);

    /// <summary>What is measured in less time says little.</summary>
    private static readonly TimeSpan Measured = TimeSpan.FromSeconds(3);

    /// <summary>After so long what was not measured yet is guessed.</summary>
    private static readonly TimeSpan Guessed = TimeSpan.FromSeconds(20);

    private readonly WorkPlan _plan = new(clock ?? TimeProvider.System);
    private readonly Lock _gate = new();
    private bool _isAnnounced = announce is null;

    /// <inheritdoc cref="WorkPlan.Add"/>
    public void Add(string kind, double count, double weight = 1)
    {
        lock (_gate) _plan.Add(kind, count, weight);
    }

    /// <inheritdoc cref="WorkPlan.Report"/>
    public void Report(string kind, double done, string text = "")
    {
        lock (_gate)
        {
            _plan.Report(kind, done);
            show(_plan.Share, text);
            if (_isAnnounced || _plan.Elapsed < (_plan.IsSure ? Measured : Guessed) || _plan.Total is not { } total) return;
            _isAnnounced = true;
            if (total >= Long) announce!($"{title} takes about {Text(total)}.");
        }
    }

    /// <summary>"70 seconds", "12 minutes", "3 hours".</summary>
    internal static string Text(TimeSpan time) => time.TotalSeconds < 100 ? $"{Math.Round(time.TotalSeconds / 10) * 10:0} seconds"
        : time.TotalMinutes < 100 ? $"{time.TotalMinutes:0} minutes"
        : time.TotalHours < 48 ? $"{time.TotalHours:0} hours"
        : $"{time.TotalDays:0} days";
}

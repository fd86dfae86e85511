using System.Text.Json.Serialization;

namespace OnnxViz.Runs;

/// <summary>
/// Loss and accuracy by step, however long a run is in a bounded number of points: each is the mean over equally many steps,
/// and these double when there are too many points.
/// </summary>
internal sealed class LossCurve
{
    /// <summary>More than a plot has pixels.</summary>
    private const int Most = 2048;

    private readonly List<double> _loss = [];
    private readonly List<double> _accuracy = [];

    public LossCurve()
    {
    }

    [JsonConstructor]
    public LossCurve(int every, IReadOnlyList<double> loss, IReadOnlyList<double> accuracy, int open, double openLoss, double openAccuracy)
    {
        if (every < 1 || loss.Count != accuracy.Count || open < 0 || open >= every) throw new ArgumentException("The curve of the loss is damaged.");
        (Every, Open, OpenLoss, OpenAccuracy) = (every, open, openLoss, openAccuracy);
        _loss.AddRange(loss);
        _accuracy.AddRange(accuracy);
    }

    /// <summary>Steps of a point: point i is the mean over the steps i * Every + 1 to (i + 1) * Every.</summary>
    public int Every { get; private set; } = 1;

    /// <summary>Mean losses.</summary>
    public IReadOnlyList<double> Loss => _loss;

    /// <summary>Shares of the pictures that were classified rightly, 0 to 1.</summary>
    public IReadOnlyList<double> Accuracy => _accuracy;

    /// <summary>Steps that make no whole point yet.</summary>
    public int Open { get; private set; }

    /// <summary>Sum of their losses.</summary>
    public double OpenLoss { get; private set; }

    /// <summary>Sum of their accuracies.</summary>
    public double OpenAccuracy { get; private set; }

    /// <param name="loss">Of the step after the last one.</param>
    /// <param name="accuracy">Share of its pictures that were classified rightly.</param>
    public void Add(double loss, double accuracy)
    {
        (Open, OpenLoss, OpenAccuracy) = (Open + 1, OpenLoss + loss, OpenAccuracy + accuracy);
        if (Open < Every) return;
        _loss.Add(OpenLoss / Every);
        _accuracy.Add(OpenAccuracy / Every);
        (Open, OpenLoss, OpenAccuracy) = (0, 0, 0);
        if (_loss.Count < Most) return;
        Halve(_loss);
        Halve(_accuracy);
        Every *= 2;
    }

    private static void Halve(List<double> values)
    {
        for (var i = 0; i < values.Count / 2; i++) values[i] = (values[2 * i] + values[(2 * i) + 1]) / 2;
        values.RemoveRange(values.Count / 2, values.Count / 2);
    }
}

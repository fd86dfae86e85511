using System.Diagnostics;

namespace OnnxViz.Training.Loop;

/// <summary>Where a run is.</summary>
/// <param name="Epoch">The one it is in, from 1.</param>
/// <param name="Share">Of that epoch and its test, 0 to 1; it never shrinks within an epoch.</param>
/// <param name="Loss">Of the last steps, smoothed.</param>
/// <param name="Accuracy">Share of the epoch's pictures so far that were classified rightly.</param>
/// <param name="PicturesPerSecond">Of the last steps.</param>
/// <param name="Left">Until the end of the run, by what is known now; it never grows.</param>
internal readonly record struct TrainingProgress(int Epoch, double Share, double Loss, double Accuracy, double PicturesPerSecond, TimeSpan Left);

/// <summary>Watches the steps of a run and estimates when it ends.</summary>
/// <param name="batch">Pictures of a step.</param>
/// <param name="stepsPerEpoch">Whole batches.</param>
/// <param name="epochs">Of the whole run.</param>
/// <param name="testPictures">Of the test behind every epoch.</param>
internal sealed class TrainingPace(int batch, int stepsPerEpoch, int epochs, int testPictures)
{
    /// <summary>How much of a mean is of what was before, from one step to the next.</summary>
    private const double Kept = 0.98;

    /// <summary>A picture that goes forward only takes about a third of one that is learned from.</summary>
    private const double TestCost = 1 / 3.0;

    private readonly Stopwatch _clock = Stopwatch.StartNew();
    private double _loss, _seconds, _weight;
    private double? _testSeconds;
    private TimeSpan _left = TimeSpan.MaxValue;
    private TimeSpan _last;

    /// <summary>Steps that a test is worth.</summary>
    private double TestSteps => TestCost * testPictures / batch;

    /// <summary>The next step begins now: what was before it is not counted.</summary>
    public void Resume() => _last = _clock.Elapsed;

    /// <param name="epoch">That it is in, from 1.</param>
    /// <param name="done">Its steps until now.</param>
    /// <param name="loss">Of the last one.</param>
    /// <param name="accuracy">Of the epoch so far.</param>
    public TrainingProgress Step(int epoch, int done, double loss, double accuracy)
    {
        var now = _clock.Elapsed;
        (_weight, _loss, _seconds) = ((_weight * Kept) + 1, (_loss * Kept) + loss, (_seconds * Kept) + (now - _last).TotalSeconds);
        _last = now;
        return At(epoch, done, 0, accuracy);
    }

    /// <param name="epoch">That is tested.</param>
    /// <param name="share">Of the test that is done.</param>
    /// <param name="accuracy">Of the epoch's training.</param>
    public TrainingProgress Test(int epoch, double share, double accuracy) => At(epoch, stepsPerEpoch, share, accuracy);

    /// <param name="time">That the last test took.</param>
    public void Tested(TimeSpan time) => _testSeconds = time.TotalSeconds;

    private TrainingProgress At(int epoch, int done, double test, double accuracy)
    {
        var perStep = _weight > 0 ? _seconds / _weight : 0;
        var perTest = _testSeconds ?? (perStep * TestSteps);
        var steps = ((long)(epochs - epoch) * stepsPerEpoch) + (stepsPerEpoch - done);
        var left = TimeSpan.FromSeconds((steps * perStep) + ((epochs - epoch + 1 - test) * perTest));
        // The first steps are slow: they tell nothing about the rest.
        if (_weight > Math.Min(10, stepsPerEpoch / 2.0) && left < _left) _left = left;
        return new TrainingProgress(
            epoch, (done + (test * TestSteps)) / (stepsPerEpoch + TestSteps), _weight > 0 ? _loss / _weight : 0, accuracy, perStep > 0 ? batch / perStep : 0, _left);
    }
}

namespace OnnxViz.Runs;

/// <summary>How a run went, written anew after every epoch (metrics.json).</summary>
/// <param name="Format">Version of this form.</param>
/// <param name="Epochs">Those that are finished, in their order.</param>
/// <param name="Steps">The loss on the way.</param>
internal sealed record RunMetrics(int Format, IReadOnlyList<EpochMetrics> Epochs, LossCurve Steps)
{
    public const int CurrentFormat = 1;

    /// <summary>The epoch after which the test split was classified best, the first of several; null before any is finished.</summary>
    public EpochMetrics? Best => Epochs.OrderByDescending(e => e.TestAccuracy).ThenBy(e => e.Epoch).FirstOrDefault();

    /// <summary>Before the first step.</summary>
    public static RunMetrics New() => new(CurrentFormat, [], new LossCurve());
}

/// <param name="Epoch">From 1.</param>
/// <param name="Step">Steps from the beginning of the run to the epoch's end.</param>
/// <param name="Loss">Mean over the epoch's steps of the loss on their batches.</param>
/// <param name="TrainAccuracy">Share of the epoch's pictures that were classified rightly when their turn came, 0 to 1.</param>
/// <param name="TestLoss">Mean cross-entropy over the test split of the model that was saved.</param>
/// <param name="TestAccuracy">Share of the test split that the saved model classifies rightly, 0 to 1.</param>
/// <param name="LearningRate">At the epoch's last step.</param>
/// <param name="Seconds">Of the training, without the test.</param>
/// <param name="PicturesPerSecond">Of the training.</param>
internal sealed record EpochMetrics(
    int Epoch,
    long Step,
    double Loss,
    double TrainAccuracy,
    double TestLoss,
    double TestAccuracy,
    double LearningRate,
    double Seconds,
    double PicturesPerSecond);

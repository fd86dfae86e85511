using System.Globalization;

namespace OnnxViz.Training.Loop;

/// <summary>How long a warm-up is: so many steps, or so many epochs.</summary>
/// <param name="Count">Of steps or epochs; 0 for no warm-up.</param>
/// <param name="IsInEpochs">Which of them.</param>
internal sealed record WarmupLength(double Count, bool IsInEpochs)
{
    private const string Epochs = "e";

    private const double Most = 1e9;

    public static WarmupLength None { get; } = new(0, false);

    /// <param name="text">"500" for steps, "1e" or "0.5e" for epochs.</param>
    /// <exception cref="FormatException">Something else.</exception>
    public static WarmupLength Parse(string text)
    {
        var isInEpochs = text.EndsWith(Epochs, StringComparison.OrdinalIgnoreCase);
        var number = isInEpochs ? text[..^Epochs.Length] : text;
        return double.TryParse(number, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var count) && count <= Most && (isInEpochs || count == Math.Floor(count))
            ? new WarmupLength(count, isInEpochs)
            : throw new FormatException("steps as 500, or epochs as 1e,");
    }

    /// <param name="stepsPerEpoch">How long an epoch is.</param>
    public long Steps(int stepsPerEpoch) => (long)Math.Round(IsInEpochs ? Count * stepsPerEpoch : Count);

    public override string ToString() => Count.ToString(CultureInfo.InvariantCulture) + (IsInEpochs ? Epochs : "");
}

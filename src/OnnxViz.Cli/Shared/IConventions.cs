namespace OnnxViz.Cli.Shared;

/// <summary>Options that say what a model expects of pictures; null where nothing was said.</summary>
internal interface IConventions
{
    const string MeanHelp = "Subtracted from each channel, in units of --range.";

    const string StdHelp = "What each channel is divided by, in units of --range.";

    const string RangeHelp = "What black and white become before mean and std: 0,1 or 0,255 or -1,1.";

    const string ColorHelp = "Order of the model's colour channels.";

    const string LayoutHelp = "Order of the model's input axes.";

    string? Mean { get; }

    string? Std { get; }

    string? Range { get; }

    string? Color { get; }

    string? Layout { get; }

    string? Size { get; }
}

using OnnxViz.Models.Metadata;
using OnnxViz.Onnx;

namespace OnnxViz.Models;

/// <summary>
/// What is known of a model that is in no catalogue. The first that says something of the pictures is believed, and so is the first that
/// has names of the classes: the file's own preprocessing, ONNX's metadata of pictures, Ultralytics', timm's in the file, string tables of
/// the graph, the files beside the model; what nobody says is guessed.
/// </summary>
/// <param name="Conventions">As far as somebody says them, or guessed.</param>
/// <param name="Source">Who describes the pictures; null for nobody.</param>
/// <param name="Labels">Names of the classes; null where nobody has them.</param>
/// <param name="LabelSource">Who has them, where it is another.</param>
/// <param name="Fault">What is not believed, and why; null for nothing.</param>
internal sealed record ModelDescription(PictureConventions Conventions, string? Source, IReadOnlyList<string>? Labels, string? LabelSource, string? Fault)
{
    private const string TimmKey = "pretrained_cfg";

    /// <param name="file">The model's.</param>
    /// <param name="input">What it takes.</param>
    /// <param name="guess">What most models like it take.</param>
    public static ModelDescription Of(OnnxModel file, InputChoice input, PictureConventions guess)
    {
        var (own, labels, fault) = ModelMetadata.Read(file.Metadata, file.Graph, input.Input);
        List<string> faults = fault is null ? [] : [fault];
        var (conventions, source, labelSource) = (own, own is null ? null : "the model's own metadata", (string?)null);
        foreach (var said in All(file, input, faults.Add))
        {
            if (conventions is null && said.DescribesPictures && (said.Channels is null || said.Channels == input.Channels) && guess.TakesPictures)
                (conventions, source) = (Under(guess, said, input), said.Source);
            if (labels is null && said.Labels is { } names && ModelMetadata.Fits(names, file.Graph)) (labels, labelSource) = (names, said.Source);
        }

        return new(conventions ?? guess, source, labels, labelSource == source ? null : labelSource, faults.Count == 0 ? null : string.Join("; ", faults));
    }

    private static IEnumerable<InputDescription> All(OnnxModel file, InputChoice input, Action<string> fault)
    {
        InputDescription?[] inFile =
        [
            Tried(() => OnnxImageMetadata.Read(file.Metadata, input.Channels)),
            Tried(() => UltralyticsMetadata.Read(file.Metadata)),
            file.Metadata.TryGetValue(TimmKey, out var config) ? Tried(() => ImageConfig.Read(Literal.Parse(config), $"its metadata {TimmKey}"), $"'{TimmKey}' of its metadata is of no use: ") : null,
        ];
        return inFile.OfType<InputDescription>().Concat(LabelTables.Read(file.Graph)).Concat(NeighborFiles.Read(file.Path, fault));

        InputDescription? Tried(Func<InputDescription?> read, string before = "")
        {
            try
            {
                return read();
            }
            catch (FormatException e)
            {
                fault($"{before}{e.Message.TrimEnd('.')}");
                return null;
            }
        }
    }

    /// <summary>The graph's own size counts before what anybody says.</summary>
    private static PictureConventions Under(PictureConventions guess, InputDescription said, InputChoice input)
    {
        var (h, w) = (input.Axes.Length(input.Input.Dims!, 'h'), input.Axes.Length(input.Input.Dims!, 'w'));
        var (height, width) = (h > 0 ? (int)h : said.Size?.Height ?? guess.Height, w > 0 ? (int)w : said.Size?.Width ?? guess.Width);
        var (low, high) = said.Range!.Value;
        return guess with
        {
            Bgr = said.IsBgr ?? guess.Bgr,
            Low = low,
            High = high,
            IsLinear = said.IsLinear,
            Mean = PerChannel(said.Mean, 0, guess.Channels),
            Std = PerChannel(said.Std, 1, guess.Channels),
            Height = height,
            Width = width,
            Fit = said.IsLetterboxed ? PictureFit.Letterbox : said.ShortSide is not null ? PictureFit.ShortSideCrop : PictureFit.Stretch,
            // What is said of the short side is said for the size that is said.
            ShortSide = said.ShortSide is { } side ? said.Size is { } size && size.Height != height ? Math.Max(1, side * height / size.Height) : side : guess.ShortSide,
            Filter = said.Filter ?? guess.Filter,
        };
    }

    private static float[] PerChannel(float[]? numbers, float otherwise, int channels) => numbers switch
    {
        null => [.. Enumerable.Repeat(otherwise, channels)],
        [var one] => [.. Enumerable.Repeat(one, channels)],
        _ => numbers,
    };
}

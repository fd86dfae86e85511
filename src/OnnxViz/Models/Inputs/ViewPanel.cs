namespace OnnxViz.Models.Inputs;

/// <summary>One panel of an input's picture.</summary>
/// <param name="Shown">Three channels as red, green and blue, or one as gray.</param>
/// <param name="Counted">Channels whose attributions it has; null for all.</param>
/// <param name="Slice">Of a volume; null for the maximum over all.</param>
/// <param name="Label">What tells it from the others.</param>
internal sealed record ViewPanel(IReadOnlyList<int> Shown, IReadOnlyList<int>? Counted, int? Slice, string Label)
{
    private const int UsualSlices = 9;

    /// <summary>Sides that panels are brought to where there are several, in pixels.</summary>
    private const int SmallSide = 96, LargeSide = 256;

    private const int NarrowSignal = 480, WideSignal = 960;

    /// <exception cref="OnnxVizException">Channels or slices that the input has not.</exception>
    public static IReadOnlyList<ViewPanel> Of(InputLayout layout, ShownParts shown)
    {
        if (shown.Channels is { IsMaximum: true }) throw OnnxVizException.BadArgument(nameof(ShownParts.Channels), "max: numbers of channels, or each, are needed.");
        if (shown.Slice is not null && !layout.Axes.IsVolume()) throw OnnxVizException.BadArgument(nameof(ShownParts.Slice), $"{shown.Slice}: only volumes have slices, the input is [{layout.Axes.Letters().ToUpperInvariant()}].", Fault.Input);
        var groups = Groups(layout, shown);
        var slices = Slices(layout.Depth, shown.Slice);
        return [.. from g in groups from s in slices select new ViewPanel(g.Shown, g.Counted, s, Name(g.Shown, s, groups.Count > 1, slices.Count > 1))];
    }

    /// <summary>Which channels are shown where nobody says which, as a sentence has it; null where all are.</summary>
    public static string? Told(InputLayout layout) => layout.Channels > 3 && !layout.Axes.IsSignal() ? $"channels {string.Join(',', Colors(layout.Channels))} are shown as red, green and blue" : null;

    /// <summary>Width and height of a panel.</summary>
    public static (int Width, int Height) Size(InputLayout layout, int panels)
    {
        var (w, h) = (layout.Width, layout.Height);
        if (layout.Axes.IsSignal())
            return (w >= NarrowSignal ? Math.Min(w, WideSignal) : w * ((NarrowSignal + w - 1) / w), panels switch { <= 2 => 120, <= 6 => 72, _ => 48 });
        if (panels == 1 && !layout.Axes.IsVolume()) return (w, h);
        var side = Math.Max(w, h);
        if (side <= SmallSide) return (w * ((SmallSide + side - 1) / side), h * ((SmallSide + side - 1) / side));
        var share = Math.Min(1, (double)LargeSide / side);
        return (Math.Max(1, (int)Math.Round(w * share)), Math.Max(1, (int)Math.Round(h * share)));
    }

    /// <summary>A row for each group of channels where there are several slices of several groups, else about a square.</summary>
    public static int Columns(IReadOnlyList<ViewPanel> panels, (int Width, int Height) size)
    {
        var slices = panels.Select(p => p.Slice).Distinct().Count();
        if (slices > 1 && slices < panels.Count) return slices;
        return Math.Clamp((int)Math.Ceiling(Math.Sqrt((double)panels.Count * size.Height / size.Width)), 1, panels.Count);
    }

    private static List<(IReadOnlyList<int> Shown, IReadOnlyList<int>? Counted)> Groups(InputLayout layout, ShownParts shown)
    {
        var all = Enumerable.Range(0, layout.Channels);
        if (shown.Channels is { } choice)
        {
            var chosen = choice.Of(layout.Channels, nameof(ShownParts.Channels), "channel");
            return !choice.IsEach && chosen.Count == 3 && !layout.Axes.IsSignal() ? [(chosen, chosen)] : Each(chosen);
        }

        if (layout.Axes.IsSignal()) return layout.Channels == 1 ? [([0], null)] : Each(all);
        return layout.Channels switch
        {
            1 => [([0], null)],
            2 => Each(all),
            _ => [(Colors(layout.Channels), null)],
        };

        static List<(IReadOnlyList<int>, IReadOnlyList<int>?)> Each(IEnumerable<int> channels) => [.. channels.Select(c => ((IReadOnlyList<int>)[c], (IReadOnlyList<int>?)[c]))];
    }

    /// <summary>Colours come first, or the bands by their wavelengths, blue before red; Sentinel-2's have one before blue.</summary>
    private static int[] Colors(int channels) => channels switch { <= 4 => [0, 1, 2], 12 or 13 => [3, 2, 1], _ => [2, 1, 0] };

    private static List<int?> Slices(int depth, PartChoice? choice)
    {
        if (choice is { IsMaximum: true }) return [null];
        if (choice is not null) return [.. choice.Of(depth, nameof(ShownParts.Slice), "slice").Select(s => (int?)s)];
        var count = Math.Min(depth, UsualSlices);
        return [.. Enumerable.Range(0, count).Select(i => (int?)(((2 * i) + 1) * depth / (2 * count)))];
    }

    private static string Name(IReadOnlyList<int> channels, int? slice, bool namesChannels, bool namesSlice) =>
        string.Join(": ", new[] { namesChannels ? string.Join(',', channels) : "", namesSlice ? $"{slice}" : "" }.Where(t => t.Length > 0));
}

using OnnxViz.Imaging.Resample;
using OnnxViz.Imaging.Sheets;

namespace OnnxViz.Models.Inputs;

/// <summary>
/// How an input is drawn as one picture: panels side by side, each of some channels in one slice or in the maximum over all slices;
/// of a signal the curves of its channels below each other. Maps of the same positions are laid out in the same way.
/// </summary>
internal sealed class InputView
{
    private const int Gap = 2, LabelSize = 11, SmallestLabelled = 24;

    private const byte Paper = 255;

    private static readonly Color _ink = new(48, 48, 48);

    private readonly InputLayout _layout;
    private readonly IReadOnlyList<ViewPanel> _panels;
    private readonly (int Width, int Height) _panel;
    private readonly int _columns;

    private InputView(InputLayout layout, IReadOnlyList<ViewPanel> panels)
    {
        (_layout, _panels) = (layout, panels);
        _panel = ViewPanel.Size(layout, panels.Count);
        _columns = layout.Axes.IsSignal() ? 1 : ViewPanel.Columns(panels, _panel);
        var rows = (panels.Count + _columns - 1) / _columns;
        (Width, Height) = ((_columns * (_panel.Width + Gap)) - Gap, (rows * (_panel.Height + Gap)) - Gap);
    }

    public int Width { get; }

    public int Height { get; }

    /// <param name="layout">Of the input.</param>
    /// <param name="shown">What of it is shown.</param>
    /// <exception cref="OnnxVizException">Channels or slices that the input has not.</exception>
    public static InputView Of(InputLayout layout, ShownParts shown) => new(layout, ViewPanel.Of(layout, shown));

    /// <summary>The input itself: every channel from black at its lowest numbers to white at its highest.</summary>
    public Image Draw(ReadOnlySpan<float> row)
    {
        var image = new Image(Width, Height);
        image.Pixels.AsSpan().Fill(Paper);
        var planes = new Dictionary<int, (float[] Numbers, MapRange Range)>();
        foreach (var channel in _panels.SelectMany(p => p.Shown).Distinct()) planes[channel] = Plane(row, channel);
        // Three channels may be colours of one scale.
        if (_layout.Channels == 3 && planes.Count == 3)
        {
            var common = MapRange.Between(planes.Values.SelectMany(p => p.Numbers).ToArray(), 0.5, 99.5);
            foreach (var channel in planes.Keys.ToList()) planes[channel] = (planes[channel].Numbers, common);
        }

        foreach (var (i, panel) in _panels.Index())
        {
            var (left, top) = Place(i);
            if (_layout.Axes.IsSignal()) Curve.Draw(image, (left, top, _panel.Width, _panel.Height), planes[panel.Shown[0]].Numbers, planes[panel.Shown[0]].Range, _ink);
            else Paint(image, left, top, [.. panel.Shown.Select(c => Array.ConvertAll(Enlarged(Sliced(planes[c].Numbers, panel.Slice)), planes[c].Range.Normalize))]);
            if (_panels.Count > 1 && _panel.Height >= SmallestLabelled) Label(image, left + 3, top + LabelSize + 1, panel.Label);
        }

        return image;
    }

    /// <summary>Numbers of the positions, laid out as the input is; 0 between the panels.</summary>
    /// <param name="of">From the channels that count in a panel, null for all, to a number for each position.</param>
    /// <param name="within">What becomes of a panel's [lines, columns] before it is enlarged; null for nothing.</param>
    public float[] Lay(Func<IReadOnlyList<int>?, float[]> of, Func<float[], int, int, float[]>? within = null)
    {
        if (_panels is [{ Counted: null, Slice: 0 }] && _layout.Depth == 1 && _panel == (_layout.Width, _layout.Height))
            return within is null ? of(null) : within(of(null), _layout.Width, _layout.Height);
        var laid = new float[Width * Height];
        foreach (var (i, panel) in _panels.Index())
        {
            var (left, top) = Place(i);
            var plane = Sliced(of(panel.Counted), panel.Slice);
            var map = Enlarged(within is null ? plane : within(plane, _layout.Width, _layout.Height));
            for (var y = 0; y < _panel.Height; y++) map.AsSpan(y * _panel.Width, _panel.Width).CopyTo(laid.AsSpan(((top + y) * Width) + left));
        }

        return laid;
    }

    /// <summary>A picture of this size with paper between the panels.</summary>
    public Image Framed(Image picture)
    {
        if (_panels.Count == 1) return picture;
        var framed = new Image(Width, Height);
        framed.Pixels.AsSpan().Fill(Paper);
        for (var i = 0; i < _panels.Count; i++)
        {
            var (left, top) = Place(i);
            for (var y = top; y < top + _panel.Height; y++)
                picture.Pixels.AsSpan(picture.Offset(left, y), 3 * _panel.Width).CopyTo(framed.Pixels.AsSpan(framed.Offset(left, y)));
        }

        return framed;
    }

    private (int Left, int Top) Place(int panel) => (panel % _columns * (_panel.Width + Gap), panel / _columns * (_panel.Height + Gap));

    private (float[] Numbers, MapRange Range) Plane(ReadOnlySpan<float> row, int channel)
    {
        var numbers = new float[_layout.Pixels];
        for (var i = 0; i < numbers.Length; i++) numbers[i] = row[_layout.At(channel, i)];
        return (numbers, _layout.Axes.IsSignal() ? MapRange.MinMax(numbers) : MapRange.Between(numbers, 0.5, 99.5));
    }

    /// <summary>[lines, columns] of a slice, or of all slices the number that is farthest from 0.</summary>
    private float[] Sliced(float[] numbers, int? slice)
    {
        var plane = _layout.Height * _layout.Width;
        if (slice is { } at) return _layout.Depth == 1 ? numbers : numbers.AsSpan(at * plane, plane).ToArray();
        var most = numbers.AsSpan(0, plane).ToArray();
        for (var i = plane; i < numbers.Length; i++)
            if (Math.Abs(numbers[i]) > Math.Abs(most[i % plane])) most[i % plane] = numbers[i];
        return most;
    }

    /// <summary>To the size of a panel: whole multiples have sharp pixels.</summary>
    private float[] Enlarged(float[] plane)
    {
        var (w, h) = (_layout.Width, _layout.Height);
        if ((w, h) == _panel) return plane;
        if (_panel.Width % w != 0 || _panel.Height % h != 0)
            return MapResampler.Resize(_layout.Axes.IsSignal() ? Repeated(plane, _panel.Height) : plane, w, _layout.Axes.IsSignal() ? _panel.Height : h, _panel.Width, _panel.Height);
        var result = new float[_panel.Width * _panel.Height];
        for (var i = 0; i < result.Length; i++)
        {
            var (y, x) = Math.DivRem(i, _panel.Width);
            result[i] = plane[(y / (_panel.Height / h) * w) + (x / (_panel.Width / w))];
        }

        return result;
    }

    private static float[] Repeated(float[] line, int times) => [.. Enumerable.Range(0, times).SelectMany(_ => line)];

    private void Paint(Image image, int left, int top, IReadOnlyList<float[]> shades)
    {
        for (var i = 0; i < _panel.Width * _panel.Height; i++)
        {
            var at = image.Offset(left + (i % _panel.Width), top + (i / _panel.Width));
            for (var rgb = 0; rgb < 3; rgb++) image.Pixels[at + rgb] = (byte)((255 * shades[rgb % shades.Count][i]) + 0.5f);
        }
    }

    private void Label(Image image, int x, int baseline, string text)
    {
        if (_layout.Axes.IsSignal())
        {
            Lettering.Draw(image, x, baseline, text, LabelSize, _ink);
            return;
        }

        foreach (var (right, down) in new[] { (-1, 0), (1, 0), (0, -1), (0, 1) }) Lettering.Draw(image, x + right, baseline + down, text, LabelSize, Color.Black);
        Lettering.Draw(image, x, baseline, text, LabelSize, Color.White);
    }
}

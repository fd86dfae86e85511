namespace OnnxViz.Imaging;

/// <summary>
/// Makes RGB of a row of samples. What the channels are is guessed as libjpeg guesses it; YCbCr (JFIF 1.02, BT.601 full
/// range) is converted in 16-bit fixed point with libjpeg's roundings; four channels as Pillow converts them.
/// </summary>
internal static class JpegColors
{
    private const int Half = 1 << 15;

    private static readonly int[] RedOfCr = Table(91881, Half, 16);       // 1.402
    private static readonly int[] BlueOfCb = Table(116130, Half, 16);     // 1.772
    private static readonly int[] GreenOfCr = Table(-46802, 0, 0);        // 0.71414, shifted once summed
    private static readonly int[] GreenOfCb = Table(-22554, Half, 0);     // 0.34414

    /// <summary>Makes a row of RGB of a row of samples.</summary>
    public delegate void Conversion(Row samples, Span<byte> rgb);

    /// <summary>One row of each channel's samples; the channels that a picture has not are empty.</summary>
    public readonly ref struct Row
    {
        public ReadOnlySpan<byte> First { get; init; }

        public ReadOnlySpan<byte> Second { get; init; }

        public ReadOnlySpan<byte> Third { get; init; }

        public ReadOnlySpan<byte> Fourth { get; init; }
    }

    /// <summary>The conversion for a picture.</summary>
    public static Conversion For(JpegFrame frame, JpegMetadata metadata) => frame.Components.Length switch
    {
        1 => FromGray,
        3 => IsRgb(frame, metadata) ? FromRgb : FromYCbCr,
        _ => metadata.AdobeTransform is null or 0 ? FromCmyk : FromYcck,
    };

    private static bool IsRgb(JpegFrame frame, JpegMetadata metadata)
    {
        if (metadata.IsJfif)
        {
            return false;
        }

        return metadata.AdobeTransform is int transform
            ? transform == 0
            : frame.Components.Select(component => component.Id).SequenceEqual(new int[] { 'R', 'G', 'B' });
    }

    private static void FromGray(Row samples, Span<byte> rgb)
    {
        for (int x = 0, to = 0; to < rgb.Length; x++, to += 3)
        {
            rgb.Slice(to, 3).Fill(samples.First[x]);
        }
    }

    private static void FromRgb(Row samples, Span<byte> rgb)
    {
        for (int x = 0, to = 0; to < rgb.Length; x++, to += 3)
        {
            (rgb[to], rgb[to + 1], rgb[to + 2]) = (samples.First[x], samples.Second[x], samples.Third[x]);
        }
    }

    private static void FromYCbCr(Row samples, Span<byte> rgb)
    {
        // One length for all lets the compiler leave the bounds checks out.
        ReadOnlySpan<byte> luma = samples.First;
        ReadOnlySpan<byte> cb = samples.Second[..luma.Length];
        ReadOnlySpan<byte> cr = samples.Third[..luma.Length];
        for (int x = 0, to = 0; x < luma.Length && to + 2 < rgb.Length; x++, to += 3)
        {
            int y = luma[x];
            rgb[to] = Clamp(y + RedOfCr[cr[x]]);
            rgb[to + 1] = Clamp(y + ((GreenOfCb[cb[x]] + GreenOfCr[cr[x]]) >> 16));
            rgb[to + 2] = Clamp(y + BlueOfCb[cb[x]]);
        }
    }

    /// <summary>Files hold CMYK inverted, so that 255 is no ink, as Adobe began it and Pillow takes it.</summary>
    private static void FromCmyk(Row samples, Span<byte> rgb)
    {
        FromRgb(samples, rgb);
        Blacken(samples.Fourth, rgb);
    }

    /// <summary>YCCK is CMYK whose first three channels are 255 - RGB, stored as YCbCr.</summary>
    private static void FromYcck(Row samples, Span<byte> rgb)
    {
        FromYCbCr(samples, rgb);
        foreach (ref byte ink in rgb)
        {
            ink = (byte)(255 - ink);
        }

        Blacken(samples.Fourth, rgb);
    }

    /// <summary>Takes ink on paper to light: what white light keeps of each inverted ink and of inverted black.</summary>
    private static void Blacken(ReadOnlySpan<byte> black, Span<byte> rgb)
    {
        for (int x = 0, to = 0; to < rgb.Length; x++, to += 3)
        {
            int white = black[x];
            foreach (ref byte ink in rgb.Slice(to, 3))
            {
                int product = ((255 - ink) * white) + 128;
                ink = Clamp(white - ((product + (product >> 8)) >> 8));
            }
        }
    }

    private static byte Clamp(int value) => (uint)value <= 255 ? (byte)value : (byte)(value < 0 ? 0 : 255);

    private static int[] Table(int factor, int rounding, int shift) =>
        [.. Enumerable.Range(-128, 256).Select(value => ((factor * value) + rounding) >> shift)];
}

namespace OnnxViz.Training;

/// <summary>Counts how often each of 256 levels occurs in each channel of what a network sees.</summary>
internal sealed class LevelCounter(PictureConventions conventions)
{
    private const int Levels = 256;

    /// <summary>In the network's order of channels.</summary>
    public long[][] Counts { get; } = [.. Enumerable.Range(0, conventions.Channels).Select(_ => new long[Levels])];

    public void Add(Part part)
    {
        lock (Counts)
        {
            for (var c = 0; c < Counts.Length; c++)
                for (var v = 0; v < Levels; v++) Counts[c][v] += part.Counts[c][v];
        }
    }

    /// <summary>What one thread has counted.</summary>
    /// <param name="channels">Of the data.</param>
    /// <param name="conventions">Of the network.</param>
    internal sealed class Part(int channels, PictureConventions conventions)
    {
        /// <summary>The picture to count next, [channels, H, W].</summary>
        public byte[] Bytes { get; } = new byte[channels * conventions.Height * conventions.Width];

        public long[][] Counts { get; } = [.. Enumerable.Range(0, conventions.Channels).Select(_ => new long[Levels])];

        public void Count()
        {
            var area = Bytes.Length / channels;
            if (conventions.Channels == 1 && channels == 3)
            {
                // The luma that the network sees, to the nearest level.
                for (var p = 0; p < area; p++)
                    Counts[0][(int)((0.299f * Bytes[p]) + (0.587f * Bytes[area + p]) + (0.114f * Bytes[(2 * area) + p]) + 0.5f)]++;
                return;
            }

            for (var c = 0; c < conventions.Channels; c++)
            {
                var counts = Counts[c];
                foreach (var v in Bytes.AsSpan(channels == 1 ? 0 : conventions.RgbOrder[c] * area, area)) counts[v]++;
            }
        }
    }
}

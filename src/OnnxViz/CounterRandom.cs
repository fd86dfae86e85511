namespace OnnxViz;

/// <summary>
/// Random numbers as a function of seed, stream and position, so that a picture does not depend on what else is drawn
/// beside it. Philox4x32-10 (Salmon et al., "Parallel random numbers: as easy as 1, 2, 3", 2011).
/// </summary>
internal sealed class CounterRandom(ulong seed, ulong stream)
{
    private readonly uint[] _block = new uint[4];
    private ulong _counter;
    private int _left;
    private double? _spareNormal;

    /// <summary>Uniform over all 32-bit numbers.</summary>
    public uint NextBits()
    {
        if (_left == 0)
        {
            Philox(_block, _counter++, stream, seed);
            _left = 4;
        }

        return _block[4 - _left--];
    }

    /// <summary>Uniform in [0, 1), in steps of 2^-32.</summary>
    public double Uniform() => NextBits() * (1.0 / 4294967296.0);

    public double Uniform(double low, double high) => low + (Uniform() * (high - low));

    /// <summary>Uniform over 0 to count - 1.</summary>
    public int Next(int count) => (int)(((ulong)NextBits() * (ulong)count) >> 32);

    /// <summary>Normal with mean 0 and deviation 1, by Box and Muller.</summary>
    public double Normal()
    {
        if (_spareNormal is { } spare)
        {
            _spareNormal = null;
            return spare;
        }

        var radius = Math.Sqrt(-2 * Math.Log(1 - Uniform()));
        var angle = 2 * Math.PI * Uniform();
        _spareNormal = radius * Math.Sin(angle);
        return radius * Math.Cos(angle);
    }

    private static void Philox(uint[] block, ulong counter, ulong stream, ulong key)
    {
        var (c0, c1, c2, c3) = ((uint)counter, (uint)(counter >> 32), (uint)stream, (uint)(stream >> 32));
        var (k0, k1) = ((uint)key, (uint)(key >> 32));
        for (var round = 0; round < 10; round++)
        {
            var (p0, p1) = (0xD2511F53UL * c0, 0xCD9E8D57UL * c2);
            (c0, c1, c2, c3) = ((uint)(p1 >> 32) ^ c1 ^ k0, (uint)p1, (uint)(p0 >> 32) ^ c3 ^ k1, (uint)p0);
            unchecked
            {
                k0 += 0x9E3779B9;
                k1 += 0xBB67AE85;
            }
        }

        (block[0], block[1], block[2], block[3]) = (c0, c1, c2, c3);
    }
}

namespace OnnxViz.Fuzz.Onnx;

/// <summary>Bytes that are wrong whatever they mean.</summary>
internal static class ByteMutations
{
    private static readonly byte[] Telling = [0, 1, 0x7f, 0x80, 0xff];

    public static byte[] Apply(byte[] bytes, CounterRandom random)
    {
        var result = bytes.ToList();
        for (var n = 1 + random.Next(4); n > 0 && result.Count > 1; n--)
        {
            var at = random.Next(result.Count);
            switch (random.Next(6))
            {
                case 0: result[at] ^= (byte)(1 << random.Next(8)); break;
                case 1: result[at] = (byte)random.Next(256); break;
                case 2: result[at] = Telling[random.Next(Telling.Length)]; break;
                case 3: result.RemoveRange(at, Math.Min(1 + random.Next(8), result.Count - at)); break;
                case 4: result.InsertRange(at, result.GetRange(at, Math.Min(1 + random.Next(64), result.Count - at))); break;
                default: if (random.Next(8) == 0) result.RemoveRange(at, result.Count - at); break;
            }
        }

        return [.. result];
    }
}

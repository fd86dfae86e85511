using System.Buffers.Binary;
using OnnxViz.Tests.Support;

namespace OnnxViz.Tests.Training.Loop;

/// <summary>A data set in MNIST's files that a small network learns in some steps: ten patterns of 8 x 8 pixels, and noise.</summary>
internal static class TinyData
{
    public const int Train = 96, Test = 30;

    private const int Side = 8, Classes = 10;

    /// <param name="folder">Receives it.</param>
    /// <param name="name">Of its own folder.</param>
    /// <param name="train">Pictures to train on.</param>
    /// <returns>Its folder.</returns>
    public static string Write(TemporaryFolder folder, string name = "tiny", int train = Train)
    {
        Split(folder, name, "train", train, 1);
        Split(folder, name, "t10k", Test, 2);
        return folder[name];
    }

    private static void Split(TemporaryFolder folder, string name, string split, int count, ulong stream)
    {
        var (noise, patterns) = (new CounterRandom(3, stream), new CounterRandom(3, 0));
        var levels = Enumerable.Range(0, Classes * Side * Side).Select(_ => patterns.Next(2) * 160).ToArray();
        var pictures = new byte[16 + (count * Side * Side)];
        var labels = new byte[8 + count];
        Header(pictures, 0x803, count, Side, Side);
        Header(labels, 0x801, count);
        for (var i = 0; i < count; i++)
        {
            var label = labels[8 + i] = (byte)(i % Classes);
            for (var p = 0; p < Side * Side; p++) pictures[16 + (i * Side * Side) + p] = (byte)(levels[(label * Side * Side) + p] + noise.Next(90));
        }

        folder.Write($"{name}/{split}-images-idx3-ubyte", pictures);
        folder.Write($"{name}/{split}-labels-idx1-ubyte", labels);
    }

    private static void Header(byte[] file, params int[] numbers)
    {
        for (var i = 0; i < numbers.Length; i++) BinaryPrimitives.WriteInt32BigEndian(file.AsSpan(4 * i), numbers[i]);
    }
}

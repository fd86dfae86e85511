using System.Text;
using OnnxViz.Fuzz.Onnx;
using OnnxViz.Onnx;

namespace OnnxViz.Fuzz.Files;

/// <summary>Arrays: headers that lie, in every field, and bytes that flip.</summary>
internal sealed class NpyTarget : IFuzzTarget
{
    private static readonly string[] Shapes =
        ["()", "(0,)", "(1, 3, 16, 16)", "(3, 16, 16)", "(2, 3, 16, 16)", "(-1, 3, 16, 16)", "(9223372036854775807,)", "(4294967296, 4294967296)", "(1, 3, 16, 17)", "(1,3,16,16,1,1,1,1)", "(768)", "(1e9,)", "(,)", "((1,3),16,16)"];

    private static readonly string[] Types = ["<f4", ">f4", "<f8", "<f2", "|u1", "<i8", "|b1", "|O", "<c8", "<U4", "", "<f4'", "[('a','<f4')]", "<f400"];

    private static readonly string[] Orders = ["False", "True", "0", "None"];

    public string Name => "npy";

    public IReadOnlyList<string> Seeds { get; } = ["1,3,16,16", "3,16,16", "2,3,16,16", "4", "4,4", "1,3,16,16 nan"];

    public void Mutate(string seed, CounterRandom random, string folder)
    {
        var dims = Array.ConvertAll(seed.Split(' ')[0].Split(','), long.Parse);
        var count = (int)dims.Aggregate(1L, (p, d) => p * d);
        var numbers = Enumerable.Range(0, count).Select(i => seed.EndsWith("nan", StringComparison.Ordinal) && i % 7 == 0 ? float.NaN : i / (float)count).ToArray();
        var bytes = NpyFile.Encode(numbers, dims);
        if (random.Next(2) == 0) bytes = WithHeader(bytes, random);
        if (random.Next(2) == 0) bytes = ByteMutations.Apply(bytes, random);
        File.WriteAllBytes(Path.Combine(folder, "array.npy"), bytes);
    }

    public IEnumerable<string[]> Try(string folder, CounterRandom random)
    {
        var array = Path.Combine(folder, "array.npy");
        string[] where = ["--device", "cpu", "--threads", "1"];
        yield return random.Next(5) switch
        {
            0 => ["maximize", "-m", SmallNetwork.File, "--layer", "relu", "--unit", "0", "--steps", "1", "--init", array, "-o", Path.Combine(folder, "x.png"), .. where],
            1 => ["maximize", "-m", SmallNetwork.File, "--layer", "relu", "--direction", array, "--steps", "1", "-o", Path.Combine(folder, "x.png"), .. where],
            2 => ["predict", "-m", SmallNetwork.File, "--input", $"image={array}", "-i", array, .. where],
            3 => ["saliency", "-m", SmallNetwork.File, "--input-tensor", array, "--class", "1", "--raw", Path.Combine(folder, "x.npy"), .. where],
            _ => ["predict", "-m", SmallNetwork.File, "--input-tensor", array, .. where],
        };
    }

    private static byte[] WithHeader(byte[] bytes, CounterRandom random)
    {
        var (type, order, shape) = ("<f4", "False", "(1, 3, 16, 16)");
        switch (random.Next(4))
        {
            case 0: type = Types[random.Next(Types.Length)]; break;
            case 1: order = Orders[random.Next(Orders.Length)]; break;
            case 2: shape = Shapes[random.Next(Shapes.Length)]; break;
            default: (type, shape) = (Types[random.Next(Types.Length)], Shapes[random.Next(Shapes.Length)]); break;
        }

        var header = $"{{'descr': '{type}', 'fortran_order': {order}, 'shape': {shape}, }}".PadRight(117) + "\n";
        var version = (byte)(random.Next(6) == 0 ? random.Next(256) : 1);
        var length = random.Next(6) == 0 ? random.Next(1 << 16) : header.Length;
        byte[] start = version >= 2
            ? [0x93, .. "NUMPY"u8, version, 0, (byte)length, (byte)(length >> 8), (byte)(random.Next(3) == 0 ? 0xff : 0), (byte)(random.Next(3) == 0 ? 0xff : 0)]
            : [0x93, .. "NUMPY"u8, version, 0, (byte)length, (byte)(length >> 8)];
        return [.. start, .. Encoding.Latin1.GetBytes(header), .. bytes[Math.Min(128, bytes.Length)..]];
    }
}

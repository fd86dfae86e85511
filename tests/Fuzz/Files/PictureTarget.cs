using OnnxViz.Fuzz.Onnx;
using OnnxViz.Imaging.Files;
using SkiaSharp;

namespace OnnxViz.Fuzz.Files;

/// <summary>Pictures of every format that is read: bytes that flip, headers that lie, pieces of one format in another.</summary>
internal sealed class PictureTarget : IFuzzTarget
{
    private static readonly byte[][] Lies = [[0xff, 0xff, 0xff, 0xff], [0x7f, 0xff, 0xff, 0xff], [0, 0, 0, 0], [0x80, 0, 0, 0], [0, 0x0f, 0x42, 0x40], [0xff, 0xff], [0, 0]];

    private readonly List<string> _seeds = [];

    public string Name => "picture";

    public IReadOnlyList<string> Seeds
    {
        get
        {
            if (_seeds.Count == 0) Make();
            return _seeds;
        }
    }

    public void Mutate(string seed, CounterRandom random, string folder)
    {
        var bytes = File.ReadAllBytes(seed);
        if (random.Next(3) == 0) bytes = Lie(bytes, random);
        if (random.Next(8) == 0) bytes = Spliced(bytes, File.ReadAllBytes(Seeds[random.Next(Seeds.Count)]), random);
        if (random.Next(3) > 0) bytes = ByteMutations.Apply(bytes, random);
        // A checksum that is wrong ends most damage before it gets anywhere.
        if (Path.GetExtension(seed) == ".png" && random.Next(2) == 0) Mend(bytes);
        File.WriteAllBytes(Path.Combine(folder, "picture" + Path.GetExtension(seed)), bytes);
    }

    public IEnumerable<string[]> Try(string folder, CounterRandom random)
    {
        var picture = Directory.EnumerateFiles(folder, "picture.*").First();
        yield return ["compare", picture, picture];
        if (random.Next(8) == 0) yield return ["predict", "-m", SmallNetwork.File, "-i", random.Next(2) == 0 ? picture : folder, "--device", "cpu", "--threads", "1"];
    }

    /// <summary>Every format, gray and colour, with what only some of them have.</summary>
    private void Make()
    {
        var folder = Directory.CreateTempSubdirectory("onnxviz-fuzz-").FullName;
        AppDomain.CurrentDomain.ProcessExit += (_, _) => Directory.Delete(folder, recursive: true);
        foreach (var (width, height) in new[] { (24, 17), (1, 1), (64, 3) })
        {
            using var bitmap = new SKBitmap(width, height);
            for (var y = 0; y < height; y++)
                for (var x = 0; x < width; x++) bitmap.SetPixel(x, y, new SKColor((byte)(x * 11), (byte)(y * 13), (byte)(x * y), (byte)(200 + (x % 50))));
            foreach (var (format, extension) in new[] { (SKEncodedImageFormat.Png, "png"), (SKEncodedImageFormat.Jpeg, "jpg"), (SKEncodedImageFormat.Webp, "webp") })
            {
                using var data = bitmap.Encode(format, 80);
                Add($"{width}.{extension}", data.ToArray());
            }

            Add($"{width}.bmp", Bmp(bitmap));
        }

        foreach (var file in Directory.EnumerateFiles(Path.Combine(Repository.Path, "tests", "OnnxViz.Tests", "Fixtures"), "*", SearchOption.AllDirectories)
                     .Where(f => ImageFile.HasPictureExtension(f) && new FileInfo(f).Length < 6000).Order(StringComparer.Ordinal).Take(60)) _seeds.Add(file);

        void Add(string name, byte[] bytes)
        {
            File.WriteAllBytes(Path.Combine(folder, name), bytes);
            _seeds.Add(Path.Combine(folder, name));
        }
    }

    /// <summary>A number somewhere near the beginning, where formats keep sizes, becomes another.</summary>
    private static byte[] Lie(byte[] bytes, CounterRandom random)
    {
        byte[] result = [.. bytes];
        var lie = Lies[random.Next(Lies.Length)];
        var at = random.Next(Math.Max(1, Math.Min(bytes.Length, 120) - lie.Length));
        for (var i = 0; i < lie.Length && at + i < result.Length; i++) result[at + i] = lie[i];
        return result;
    }

    private static byte[] Spliced(byte[] one, byte[] other, CounterRandom random) => [.. one[..random.Next(one.Length)], .. other[random.Next(other.Length)..]];

    /// <summary>Gives each chunk of a PNG the checksum of what it holds.</summary>
    private static void Mend(byte[] png)
    {
        for (var at = 8; at + 12 <= png.Length;)
        {
            var length = (long)System.Buffers.Binary.BinaryPrimitives.ReadUInt32BigEndian(png.AsSpan(at));
            if (at + 12 + length > png.Length) return;
            System.Buffers.Binary.BinaryPrimitives.WriteUInt32BigEndian(png.AsSpan(at + 8 + (int)length), Crc32.Of(png.AsSpan(at + 4, 4 + (int)length)));
            at += 12 + (int)length;
        }
    }

    private static byte[] Bmp(SKBitmap bitmap)
    {
        var row = ((bitmap.Width * 3) + 3) / 4 * 4;
        using var stream = new MemoryStream();
        using var writer = new BinaryWriter(stream);
        writer.Write("BM"u8);
        foreach (var number in new[] { 54 + (row * bitmap.Height), 0, 54, 40, bitmap.Width, bitmap.Height }) writer.Write(number);
        foreach (var number in new short[] { 1, 24 }) writer.Write(number);
        foreach (var number in new[] { 0, row * bitmap.Height, 2835, 2835, 0, 0 }) writer.Write(number);
        for (var y = bitmap.Height - 1; y >= 0; y--)
        {
            for (var x = 0; x < bitmap.Width; x++)
            {
                var color = bitmap.GetPixel(x, y);
                writer.Write([color.Blue, color.Green, color.Red]);
            }

            writer.Write(new byte[row - (bitmap.Width * 3)]);
        }

        return stream.ToArray();
    }
}

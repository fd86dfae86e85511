using Google.Protobuf;
using OnnxViz.Imaging;
using OnnxViz.Onnx.Proto;

namespace OnnxViz.Fuzz.Onnx;

/// <summary>Networks: bytes that flip, and messages that are whole and lie.</summary>
internal sealed class OnnxTarget : IFuzzTarget
{
    private const int LargestSeed = 20_000;

    /// <summary>Whole networks whose weights are made when they run: what they take is no mutation's fault.</summary>
    private const string WithoutWeights = "/layers/";

    public string Name => "onnx";

    public IReadOnlyList<string> Seeds { get; } =
    [
        .. Directory.EnumerateFiles(Path.Combine(Repository.Path, "tests", "OnnxViz.Tests", "Fixtures"), "*.onnx", SearchOption.AllDirectories)
            .Where(f => new FileInfo(f).Length <= LargestSeed && !f.Contains(WithoutWeights)).Order(StringComparer.Ordinal),
    ];

    public void Mutate(string seed, CounterRandom random, string folder)
    {
        var bytes = File.ReadAllBytes(seed);
        if (random.Next(4) > 0)
        {
            var model = ModelProto.Parser.ParseFrom(bytes);
            // Few things wrong at once get further than many.
            for (var wrong = 1 + random.Next(3); wrong > 0; wrong--) GraphMutations.Apply(model, random);
            bytes = model.ToByteArray();
        }

        if (random.Next(4) == 0) bytes = ByteMutations.Apply(bytes, random);
        File.WriteAllBytes(Path.Combine(folder, "model.onnx"), bytes);
        File.WriteAllBytes(Path.Combine(folder, "weights.bin"), new byte[64]);
        new Image(24, 24, [.. Enumerable.Range(0, 24 * 24 * 3).Select(_ => (byte)random.Next(256))]).Save(Path.Combine(folder, "picture.png"));
    }

    public IEnumerable<string[]> Try(string folder, CounterRandom random)
    {
        var (model, picture, result) = (Path.Combine(folder, "model.onnx"), Path.Combine(folder, "picture.png"), Path.Combine(folder, "result"));
        yield return ["summary", model];
        yield return ["coverage", model];
        yield return ["predict", "-m", model, "-i", picture, "--threads", "1"];
        yield return random.Next(4) switch
        {
            0 => ["prepare", model, "-o", result, "--layers", "all"],
            1 => ["check-grad", model, "--threads", "1"],
            2 => ["doctor", model],
            _ => ["saliency", "-m", model, "-i", picture, "-o", result + ".png", "--threads", "1"],
        };
    }
}

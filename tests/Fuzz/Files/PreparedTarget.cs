using System.Text;
using System.Text.Json.Nodes;
using OnnxViz.Fuzz.Onnx;

namespace OnnxViz.Fuzz.Files;

/// <summary>Prepared folders and models.json: values that become others, fields that go or move, files that are exchanged, and bytes that flip.</summary>
internal sealed class PreparedTarget : IFuzzTarget
{
    private static readonly string[] Others =
    [
        "null", "\"\"", "[]", "{}", "-1", "0", "1", "1e999", "-1e999", "99999999999999999999", "0.5", "true", "[null]", "[[]]", "\"../model.json\"", "\"/etc/passwd\"", "\"/dev/zero\"", "\"forward.onnx\"", "\"weights.bin\"",
        "\"gradient.relu.default.onnx\"", "\"\\u0000\\u001b[2J\"", "\"nhwc\"", "\"nt\"", "[1,2,3]", "[-1,3,16,16]", "2147483648", "\"\\ud800\"",
    ];

    /// <summary>Stands for one of them, which a JSON writer would refuse, until all is text.</summary>
    private const string Place = "other-";

    private string? _folder;

    public string Name => "prepared";

    public IReadOnlyList<string> Seeds { get; } = ["folder", "catalog"];

    public void Mutate(string seed, CounterRandom random, string folder)
    {
        _folder ??= Make();
        foreach (var file in Directory.EnumerateFiles(Path.Combine(_folder, seed))) File.Copy(file, Path.Combine(folder, Path.GetFileName(file)));
        var json = Path.Combine(folder, seed == "folder" ? "model.json" : "models.json");
        var root = JsonNode.Parse(File.ReadAllBytes(json))!;
        for (var wrong = 1 + random.Next(3); wrong > 0; wrong--) Change(root, random);
        var text = root.ToJsonString();
        foreach (var (i, other) in Others.Index()) text = text.Replace($"\"{Place}{i}\"", other, StringComparison.Ordinal);
        var bytes = Encoding.UTF8.GetBytes(text);
        if (random.Next(5) == 0) bytes = ByteMutations.Apply(bytes, random);
        File.WriteAllBytes(json, bytes);
        if (random.Next(6) != 0) return;
        var files = Directory.GetFiles(folder);
        var (one, another) = (files[random.Next(files.Length)], files[random.Next(files.Length)]);
        if (random.Next(2) == 0) File.Delete(one);
        else if (one != another) File.Copy(another, one, overwrite: true);
    }

    public IEnumerable<string[]> Try(string folder, CounterRandom random)
    {
        string[] where = ["--device", "cpu", "--threads", "1"];
        var picture = Path.Combine(_folder!, "picture.png");
        var isCatalog = File.Exists(Path.Combine(folder, "net.onnx"));
        Environment.SetEnvironmentVariable("ONNXVIZ_MODELS", isCatalog ? folder : _folder);
        var model = isCatalog ? "net" : folder;
        yield return random.Next(4) switch
        {
            0 when !isCatalog => ["prepare", folder, "-o", folder, "--layers", "relu"],
            0 => ["models"],
            1 => ["saliency", "-m", model, "-i", picture, "--layer", "relu", "--unit", "0", "--raw", Path.Combine(folder, "x.npy"), .. where],
            2 => ["summary", model],
            _ => ["predict", "-m", model, "-i", picture, .. where],
        };
    }

    private static void Change(JsonNode root, CounterRandom random)
    {
        var places = Places(root).ToList();
        if (places.Count == 0) return;
        var (parent, step) = places[random.Next(places.Count)];
        var other = random.Next(Others.Length);
        if (random.Next(8) == 0)
        {
            if (step is int gone) parent.AsArray().RemoveAt(gone);
            else parent.AsObject().Remove((string)step);
            return;
        }

        var value = random.Next(6) == 0 && places[random.Next(places.Count)] is var (from, at)
            ? (at is int i ? from[i] : from[(string)at])?.DeepClone()
            : JsonValue.Create($"{Place}{other}");
        if (step is int index) parent[index] = value;
        else parent[(string)step] = value;
    }

    private static IEnumerable<(JsonNode Parent, object Step)> Places(JsonNode node) => node switch
    {
        JsonObject o => o.SelectMany(f => (f.Value is null ? [] : Places(f.Value)).Prepend((node, f.Key))),
        JsonArray a => a.SelectMany((v, i) => (v is null ? [] : Places(v)).Prepend((node, i))),
        _ => [],
    };

    private static string Make()
    {
        var folder = Directory.CreateTempSubdirectory("onnxviz-fuzz-").FullName;
        AppDomain.CurrentDomain.ProcessExit += (_, _) => Directory.Delete(folder, recursive: true);
        Directory.CreateDirectory(Path.Combine(folder, "catalog"));
        SmallNetwork.Save(Path.Combine(folder, "catalog", "net.onnx"));
        File.WriteAllText(Path.Combine(folder, "models.json"), """{ "models": [] }""");
        var before = Environment.GetEnvironmentVariable("ONNXVIZ_MODELS");
        Environment.SetEnvironmentVariable("ONNXVIZ_MODELS", folder);
        if (Trial.Of(["prepare", Path.Combine(folder, "catalog", "net.onnx"), "-o", Path.Combine(folder, "folder"), "--layers", "all", "--rules", "default,guided"]) is { } fault) throw new InvalidOperationException(fault);
        Environment.SetEnvironmentVariable("ONNXVIZ_MODELS", before);
        var source = JsonNode.Parse(File.ReadAllBytes(Path.Combine(folder, "folder", "model.json")))!["source"]!;
        File.WriteAllText(Path.Combine(folder, "catalog", "labels.txt"), "a\nb\nc\nd\ne\n");
        File.WriteAllText(Path.Combine(folder, "catalog", "models.json"), $$"""
            { "models": [{ "name": "net", "title": "t", "file": "net.onnx", "sha256": "{{source["sha256"]}}", "size": {{new FileInfo(Path.Combine(folder, "catalog", "net.onnx")).Length}}, "source": "s", "licence": "MIT",
              "labels": "labels.txt", "input": { "name": "image", "shape": [-1, 3, 16, 16], "color": "rgb", "layout": "nchw", "range": [0, 1] },
              "mean": [0, 0, 0], "std": [1, 1, 1], "picture": { "size": 16, "resize": "stretch", "filter": "bilinear" } }] }
            """);
        new Imaging.Image(20, 20, [.. Enumerable.Range(0, 1200).Select(i => (byte)(i * 7))]).Save(Path.Combine(folder, "picture.png"));
        return folder;
    }
}

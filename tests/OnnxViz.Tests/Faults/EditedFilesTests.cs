using System.Text.Json.Nodes;
using OnnxViz.Models;
using OnnxViz.Tests.Support;
using OnnxViz.Tests.Support.Networks;
using Xunit;

namespace OnnxViz.Tests.Faults;

/// <summary>Prepared folders and models.json as an attacker, or somebody tired, edits them: each place of the JSON in turn becomes something else.</summary>
public sealed class EditedFilesTests : IDisposable
{
    private static readonly string?[] Others =
    [
        null, "null", "\"\"", "[]", "{}", "-1", "0", "1e999", "99999999999999999999", "0.5", "true", "[null]", "[[]]", "\"../net.onnx\"", "\"/etc/passwd\"", "\"\\u0000\"", "\"nhwc\"", "[1,2,3]",
    ];

    private readonly TemporaryFolder _folder = new();

    [Fact]
    public void A_prepared_folder_is_refused_or_works()
    {
        var model = SmallClassifier.Save(_folder["net.onnx"], 1, 1, 3, 16, 16);
        CliRun.Text("prepare", model, "-o", _folder["prepared"], "--layers", "second,sum", "--rules", "default,guided");
        var refused = Edit(_folder["prepared/model.json"], () =>
        {
            using var opened = VisionModel.Open(_folder["prepared"]);
            _ = opened.Prepared!.Gradient("second", "default");
        }, what => "saliency -m DIR -i CAT --layer second --unit 0 --raw RAW".Replace("DIR", _folder["prepared"]));
        Assert.True(refused > 500, $"Only {refused} edits were refused.");
    }

    [Fact]
    public void Models_json_is_refused_or_works()
    {
        _folder.Write("models/labels.txt", "a\nb\n"u8.ToArray());
        _folder.Write("models/net.onnx", File.ReadAllBytes(SmallClassifier.Save(_folder["net.onnx"], 1, 1, 3, 16, 16)));
        using (var known = VisionModel.Open(_folder["net.onnx"]))
        {
            _folder.Write("models/models.json", System.Text.Encoding.UTF8.GetBytes($$"""
                { "models": [{ "name": "net", "title": "t", "file": "net.onnx", "sha256": "{{known.Sha256}}", "size": {{known.File.Length}}, "source": "s", "licence": "MIT", "labels": "labels.txt",
                  "input": { "name": "x", "shape": [1, 3, 16, 16], "color": "rgb", "layout": "nchw", "range": [0, 1] },
                  "mean": [0, 0, 0], "std": [1, 1, 1], "picture": { "height": 16, "width": 16, "resize": "stretch", "filter": "bilinear" } }] }
                """));
        }

        var refused = Edit(_folder["models/models.json"], () =>
        {
            using var opened = VisionModel.Open("net", ModelCatalog.Open(_folder["models"]));
            _ = opened.HasClasses;
        }, null);
        Assert.True(refused > 200, $"Only {refused} edits were refused.");
    }

    [SkippableTheory]
    [InlineData("labels", "../outside.txt")]
    [InlineData("labels", "link.txt")]
    [InlineData("labels", "/etc/passwd")]
    [InlineData("labels", "folder")]
    [InlineData("labels", "nowhere.txt")]
    [InlineData("file", "../net.onnx")]
    [InlineData("file", "link.onnx")]
    public void Nothing_that_models_json_names_lies_elsewhere(string field, string value)
    {
        Skip.If(OperatingSystem.IsWindows(), "Windows makes no links for everybody.");
        Models_json_is_refused_or_works();
        _folder.Write("outside.txt", "secret\n"u8.ToArray());
        File.CreateSymbolicLink(_folder["models/link.txt"], "../outside.txt");
        File.CreateSymbolicLink(_folder["models/link.onnx"], "../net.onnx");
        Directory.CreateDirectory(_folder["models/folder"]);
        var json = JsonNode.Parse(File.ReadAllText(_folder["models/models.json"]))!;
        json["models"]![0]![field] = value;
        File.WriteAllText(_folder["models/models.json"], json.ToJsonString());
        var error = Assert.Throws<OnnxVizException>(() => VisionModel.Open("net", ModelCatalog.Open(_folder["models"])));
        Assert.Equal(Fault.Input, error.Fault);
        Assert.Contains("models.json", error.Message, StringComparison.Ordinal);
    }

    [SkippableFact]
    public void Nothing_that_a_prepared_folder_names_lies_elsewhere()
    {
        Skip.If(OperatingSystem.IsWindows(), "Windows makes no links for everybody.");
        CliRun.Text("prepare", SmallClassifier.Save(_folder["net.onnx"]), "-o", _folder["prepared"], "--layers", "second");
        File.Move(_folder["prepared/forward.onnx"], _folder["forward.onnx"]);
        File.CreateSymbolicLink(_folder["prepared/forward.onnx"], "../forward.onnx");
        Assert.Contains("a link out of its folder", Assert.Throws<OnnxVizException>(() => VisionModel.Open(_folder["prepared"])).Message, StringComparison.Ordinal);
    }

    public void Dispose() => _folder.Dispose();

    /// <returns>How many edits were refused.</returns>
    private int Edit(string file, Action open, Func<string, string>? command)
    {
        var good = JsonNode.Parse(File.ReadAllText(file))!;
        open();
        var (refused, taken) = (0, 0);
        foreach (var path in Paths(good, []).ToList())
        {
            foreach (var other in Others)
            {
                var edited = good.DeepClone();
                Set(edited, path, other);
                File.WriteAllText(file, edited.ToJsonString());
                try
                {
                    open();
                    // What is taken has to be of use as well.
                    if (command is null || taken++ % 10 != 0) continue;
                    var run = CliRun.Of([.. command("").Split(' ').Select(w => w switch { "CAT" => Repository.Carried("images/chelsea.png"), "RAW" => _folder["raw.npy"], _ => w })]);
                    Assert.True(run.Exit is 0 or 2 or 3, $"{string.Join('.', path)} = {other ?? "(gone)"}: {run.Error}");
                }
                catch (OnnxVizException e)
                {
                    Assert.True(e.Fault == Fault.Input, $"{string.Join('.', path)} = {other ?? "(gone)"}: {e.Message}");
                    refused++;
                }
                catch (Exception e) when (e is not Xunit.Sdk.XunitException)
                {
                    Assert.Fail($"{string.Join('.', path)} = {other ?? "(gone)"}: {e}");
                }
            }
        }

        File.WriteAllText(file, good.ToJsonString());
        open();
        return refused;
    }

    private static IEnumerable<object[]> Paths(JsonNode? node, object[] path)
    {
        if (path.Length > 0) yield return path;
        var below = node switch
        {
            JsonObject o => o.Select(f => Paths(f.Value, [.. path, f.Key])),
            JsonArray a => a.Take(2).Select((v, i) => Paths(v, [.. path, i])),
            _ => [],
        };
        foreach (var found in below.SelectMany(p => p)) yield return found;
    }

    private static void Set(JsonNode root, object[] path, string? json)
    {
        var parent = path[..^1].Aggregate(root, (node, step) => step is int i ? node[i]! : node[(string)step]!);
        var value = json is null or "1e999" or "99999999999999999999" ? null : JsonNode.Parse(json);
        if (json is "1e999" or "99999999999999999999") value = JsonValue.Create(System.Text.Json.JsonDocument.Parse(json).RootElement);
        if (path[^1] is int index)
        {
            if (json is null) parent.AsArray().RemoveAt(index);
            else parent[index] = value;
        }
        else if (json is null)
        {
            parent.AsObject().Remove((string)path[^1]);
        }
        else
        {
            parent[(string)path[^1]] = value;
        }
    }
}

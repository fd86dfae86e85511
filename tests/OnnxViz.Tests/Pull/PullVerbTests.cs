using System.Security.Cryptography;
using System.Text.Json.Nodes;
using OnnxViz.Tests.Support;
using OnnxViz.Tests.Support.Networks;
using Xunit;

namespace OnnxViz.Tests.Pull;

/// <summary>The program, with a catalogue of its own.</summary>
public sealed class PullVerbTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void What_was_pulled_is_used_by_its_name()
    {
        var model = File.ReadAllBytes(SmallClassifier.Save(_folder["made.onnx"]));
        using var server = new FileServer((_, from) => Answer.Honest(model, from));
        var catalogue = Catalogue(server.Address + "net.onnx", model);

        var (exit, _, error) = Run(catalogue, "predict", "-m", "net", "-i", Repository.Carried("images/chelsea.png"));
        Assert.Equal(3, exit);
        Assert.Contains("net is known and not here yet", error, StringComparison.Ordinal);
        Assert.Contains("`onnxviz pull net` fetches it.", error, StringComparison.Ordinal);

        (exit, var text, error) = Run(catalogue, "pull", "NET", "--json");
        Assert.True(exit == 0, error);
        Assert.Equal("net True", $"{JsonNode.Parse(text)!["models"]![0]!["name"]} {(bool)JsonNode.Parse(text)!["models"]![0]!["fetched"]!}");
        Assert.Equal(model, File.ReadAllBytes(Path.Combine(catalogue, "net.onnx")));
        Assert.Equal(0, Run(catalogue, "predict", "-m", "net", "-i", Repository.Carried("images/chelsea.png")).Exit);
        Assert.Contains("was already at", Run(catalogue, "pull", "net").Out, StringComparison.Ordinal);
    }

    [Fact]
    public void An_interruption_keeps_what_has_arrived()
    {
        if (OperatingSystem.IsWindows()) return;
        var file = new byte[500_000];
        using var server = new FileServer((_, from) => Answer.Honest(file, from).Cut(400_000) with { Stalls = true });
        var catalogue = Catalogue(server.Address + "net.onnx", file);
        using var program = new ChildProgram(["pull", "net"], models: catalogue);
        var part = new FileInfo(Path.Combine(catalogue, "net.onnx.part"));
        Assert.True(SpinWait.SpinUntil(() => !server.Asked.IsEmpty || program.HasEnded, TimeSpan.FromMinutes(1)));
        Thread.Sleep(500);
        program.Signal(2);
        Assert.Equal(130, program.End().Exit);
        part.Refresh();
        Assert.Equal(400_000, part.Length);
    }

    [Fact]
    public void Names_and_addresses_that_make_no_sense_are_told()
    {
        var run = CliRun.Of("pull", "vgg61");
        Assert.Equal(3, run.Exit);
        Assert.Contains("No known model 'vgg61'; there are vgg16, ", run.Error, StringComparison.Ordinal);
        Assert.Equal(2, CliRun.Of("pull").Exit);
        run = CliRun.Of("pull", "vgg16", "--from", "ftp://example.com/", "-o", _folder["here"]);
        Assert.Equal(2, run.Exit);
        Assert.Contains("--from ftp://example.com/: http, https or a file is needed.", run.Error, StringComparison.Ordinal);
    }

    private static (int Exit, string Out, string Error) Run(string catalogue, params string[] args)
    {
        using var program = new ChildProgram(args, models: catalogue);
        return program.End();
    }

    private string Catalogue(string address, byte[] file)
    {
        var json = $$"""
            { "models": [{
              "name": "net", "title": "A net", "file": "net.onnx", "sha256": "{{Convert.ToHexStringLower(SHA256.HashData(file))}}", "size": {{file.Length}},
              "source": "", "download": "{{address}}", "licence": "MIT",
              "input": { "name": "image", "shape": [-1, 3, 32, 32], "color": "rgb", "layout": "nchw", "range": [0, 1] },
              "mean": [0, 0, 0], "std": [1, 1, 1], "picture": { "size": 32, "resize": "stretch", "filter": "bilinear" }, "labels": null, "aliases": {} }] }
            """;
        _folder.Write("catalogue/models.json", System.Text.Encoding.UTF8.GetBytes(json));
        return _folder["catalogue"];
    }
}

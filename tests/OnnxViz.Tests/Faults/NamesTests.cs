using System.Text;
using System.Text.Json.Nodes;
using OnnxViz.Graphs;
using OnnxViz.Graphs.Emit;
using OnnxViz.Imaging.Files;
using OnnxViz.Onnx;
using OnnxViz.Tests.Support;
using OnnxViz.Tests.Support.Networks;
using Xunit;

namespace OnnxViz.Tests.Faults;

/// <summary>Names of layers, classes, models and pictures are nothing but names: on screens, in tables, in JSON, in names of files, in commands to be typed.</summary>
public sealed class NamesTests : IDisposable
{
    private const string Evil = "\u001b[31mred\u001b[0m\u0007\u009b2J\nsecond\r\u202etxt\u2066x\u2028\u200f\u0000end\u007f";

    private readonly TemporaryFolder _folder = new();

    [Theory]
    [InlineData("summary MODEL")]
    [InlineData("coverage MODEL")]
    [InlineData("check-grad MODEL")]
    [InlineData("predict -m MODEL -i CAT")]
    [InlineData("predict -m MODEL -i CAT --labels-file LABELS")]
    [InlineData("doctor MODEL")]
    [InlineData("saliency -m MODEL -i CAT --class top --labels-file LABELS -o OUT/")]
    [InlineData("kernels -m MODEL -o OUT/")]
    [InlineData("maximize -m MODEL --class 1 --steps 1 --labels-file LABELS -o OUT/")]
    [InlineData("prepare MODEL -o OUT/ --layers all")]
    [InlineData("saliency -m MODEL -i CAT --class nothing --labels-file LABELS")]
    [InlineData("activations -m MODEL -i CAT --layer nothing -o OUT/")]
    [InlineData("models", true)]
    public void Are_shown_as_text(string command, bool hasModels = false)
    {
        var model = Network();
        var labels = _folder.Write("labels.txt", Encoding.UTF8.GetBytes(string.Concat(Enumerable.Range(0, 10).Select(i => $"{Evil.ReplaceLineEndings(" ")} {i}\n"))));
        string[] words = [.. command.Split(' ').Select(w => w switch { "MODEL" => model, "CAT" => Repository.Carried("images/chelsea.png"), "LABELS" => labels, "OUT/" => _folder["out/"], _ => w })];
        if (hasModels) return;
        foreach (var more in new string[][] { [], ["--json"], ["--verbose"] })
        {
            var run = CliRun.Of([.. words, .. more]);
            Assert.True(run.Exit is 0 or 3, run.Error);
            Assert.DoesNotContain("internal error", run.Error, StringComparison.Ordinal);
            foreach (var text in new[] { run.Out, run.Error }) Assert.True(IsPlain(text), text);
            if (more is ["--json"] && run.Exit == 0) Assert.NotNull(JsonNode.Parse(run.Out));
        }

        if (Directory.Exists(_folder["out"])) Assert.All(Directory.GetFileSystemEntries(_folder["out"]), f => Assert.Matches("^[A-Za-z0-9._-]+$", Path.GetFileName(f)));
    }

    [Fact]
    public void Json_holds_them_as_they_are()
    {
        var json = CliRun.Of("summary", Network(), "--json").Json;
        Assert.Contains(json["layers"]!.AsArray(), l => ((string?)l!["name"])?.Contains(Evil, StringComparison.Ordinal) == true || ((string?)l["node"])?.Contains(Evil, StringComparison.Ordinal) == true);
    }

    [Theory]
    [InlineData("tiger cat, Felis catus", "tiger cat, Felis catus")]
    [InlineData("Häuser 日本 👩‍👩‍👧", "Häuser 日本 👩‍👩‍👧")]
    [InlineData("a\u001b[0mb", "a?[0mb")]
    [InlineData("\u202ecod.exe", "?cod.exe")]
    [InlineData("line\r\nbreak\ttab", "line??break?tab")]
    [InlineData("tag \U000e0041", "tag ?")]
    public void Plain_text_is_left_alone(string text, string shown) => Assert.Equal(shown, PlainText.Of(text));

    [Theory]
    [InlineData("conv5_3", "conv5_3")]
    [InlineData("tiger cat", "\"tiger cat\"")]
    [InlineData("$(rm -rf ~)", "'$(rm -rf ~)'")]
    [InlineData("a'b`c", "'a'\\''b`c'")]
    [InlineData("", "\"\"")]
    public void A_shell_takes_them_for_names(string word, string typed) => Assert.Equal(typed, global::OnnxViz.Cli.Shell.ShellWord.Of(word));

    [Fact]
    public void Long_names_become_names_of_files()
    {
        var model = Network(string.Concat(Enumerable.Repeat("very/long.", 60)));
        CliRun.Text("prepare", model, "-o", _folder["prepared"], "--layers", "all");
        Assert.Equal(0, CliRun.Of("predict", "-m", _folder["prepared"], "-i", Repository.Carried("images/chelsea.png")).Exit);
        CliRun.Text("activations", "-m", model, "-i", Repository.Carried("images/chelsea.png"), "--layer", string.Concat(Enumerable.Repeat("very/long.", 60)), "-o", _folder["out/"]);
        Assert.Single(Directory.GetFiles(_folder["out"], "*.png"));
    }

    [Theory]
    [InlineData("a", 251, 0)]
    [InlineData("ä", 125, 0)]
    [InlineData("日", 83, 0)]
    [InlineData("a", 252, 1)]
    [InlineData("ä", 126, 1)]
    [InlineData("日", 84, 1)]
    public void Names_up_to_the_limit_are_written_and_longer_ones_refused_at_once(string letter, int count, int exit)
    {
        var model = Network();
        var place = _folder[$"{string.Concat(Enumerable.Repeat(letter, count))}.png"];
        string[] command = exit == 0 ? ["kernels", "-m", model, "-o", place] : ["maximize", "-m", model, "--class", "1", "--steps", "1000000", "-o", place];
        var run = CliRun.Of(command);
        Assert.True(run.Exit == exit, run.Error);
        Assert.Equal(exit == 0, File.Exists(place));
        if (exit == 1) Assert.Contains("bytes", run.Error, StringComparison.Ordinal);
    }

    /// <summary>What is written beside a file of the longest name has a shorter one.</summary>
    [Fact]
    public void What_lies_beside_a_long_name_fits()
    {
        var place = _folder[$"{new string('ü', 125)}.png"];
        CliRun.Text("kernels", "-m", Network(), "-o", place, "--profile");
        Assert.Equal(3, Directory.GetFiles(_folder.Path).Length);
        Assert.True(ImageFile.Load(place).Width > 0);
        var short1 = FileNames.Short(new string('ü', 300), 100);
        Assert.True(Encoding.UTF8.GetByteCount(short1) <= 100);
        Assert.NotEqual(short1, FileNames.Short(new string('ü', 301), 100));
        Assert.Equal("as it is", FileNames.Short("as it is"));
    }

    public void Dispose() => _folder.Dispose();

    /// <summary>Lines of text, and nothing that moves a cursor or turns letters round.</summary>
    private static bool IsPlain(string text) => text.EnumerateRunes().All(r => r.Value is '\n' or '\r' || PlainText.Of(r.ToString()) == r.ToString());

    private string Network(string name = Evil)
    {
        var b = new GraphBuilder(name);
        var x = b.Input("image", ElementType.Float, [1, 3, 16, 16]);
        var random = new Random(1);
        var conv = b.Node("Conv", [x, b.Constant(TinyTensors.Random(ElementType.Float, random, [4, 3, 3, 3]), "w")], new Dictionary<string, object> { ["kernel_shape"] = new long[] { 3, 3 } }, name: name)[0];
        var relu = b.Node("Relu", [conv], name: $"{name}2")[0];
        var means = b.Emit("Flatten", [b.Emit("GlobalAveragePool", [relu])], ("axis", 1L));
        b.Expose("scores", b.Node("Gemm", [means, b.Constant(TinyTensors.Random(ElementType.Float, random, [4, 10]), "v")], name: "fc")[0]);
        OnnxFile.Save(b.Build(), _folder["net.onnx"]);
        return _folder["net.onnx"];
    }
}

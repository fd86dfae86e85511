using System.Text.Json.Nodes;
using OnnxViz.Cli.Results.Replays;
using OnnxViz.Imaging;
using OnnxViz.Imaging.Files;
using OnnxViz.Tests.Support;
using OnnxViz.Tests.Support.Networks;
using Xunit;

namespace OnnxViz.Tests.Replays;

/// <summary>Manifests that somebody made: what they ask for is not done, read or printed.</summary>
public sealed class HostileManifestTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly string _picture;

    public HostileManifestTests()
    {
        SmallClassifier.Save(_folder["clone/net.onnx"], dims: [-1, 3, 24, 24]);
        _folder.Write("clone/cat.png", File.ReadAllBytes(Repository.Carried("images/chelsea.png")));
        _folder.Write("secret.png", File.ReadAllBytes(Repository.Carried("images/coffee.png")));
        Directory.CreateDirectory(_folder["clone/.git"]);
        _picture = _folder["clone/out/x.png"];
    }

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("--out=ELSEWHERE/stolen.png")]
    [InlineData("--raw=ELSEWHERE/stolen.npy")]
    [InlineData("-o=ELSEWHERE/stolen.png")]
    [InlineData("-o")]
    [InlineData("--help")]
    [InlineData("--version")]
    [InlineData("--skip-existing")]
    [InlineData("--ort-library=/lib/x86_64-linux-gnu/libc.so.6")]
    [InlineData("--prepared=ELSEWHERE")]
    [InlineData("--profile")]
    [InlineData("--shard=1/2")]
    [InlineData("--device=cuda")]
    [InlineData("--no-such-option=1")]
    [InlineData("stray")]
    [InlineData("--")]
    [InlineData("")]
    [InlineData("--class")]
    [InlineData("--exact=true")]
    [InlineData("--image=../secret.png")]
    [InlineData("--image=out/../../secret.png")]
    [InlineData("--image=ELSEWHERE/secret.png")]
    [InlineData("--image=/dev/zero")]
    [InlineData("--image=/dev/stdin")]
    [InlineData("--image=/proc/self/environ")]
    [InlineData("--image=link.png")]
    [InlineData("--image=linked/secret.png")]
    [InlineData("--image=zero.png")]
    [InlineData("--image=*/../../*.png")]
    [InlineData("--labels-file=/etc/passwd")]
    [InlineData("--labels-file=link.png")]
    [InlineData("--baseline=/dev/zero")]
    [InlineData("--input=x=/dev/zero")]
    [InlineData("--input-tensor=/dev/zero")]
    [InlineData("--model=/dev/zero")]
    [InlineData("--model=../net.onnx")]
    public void What_no_manifest_may_ask_for_is_refused_in_one_line(string word)
    {
        if (!OperatingSystem.IsWindows())
        {
            File.CreateSymbolicLink(_folder["clone/link.png"], _folder["secret.png"]);
            File.CreateSymbolicLink(_folder["clone/linked"], _folder.Path);
            File.CreateSymbolicLink(_folder["clone/zero.png"], "/dev/zero");
        }

        Forge(m => m["replay"]!["command"]!.AsArray().Add(word.Replace("ELSEWHERE", _folder.Path, StringComparison.Ordinal)));
        Refused();
    }

    [Theory]
    [InlineData("train")]
    [InlineData("prepare")]
    [InlineData("pull")]
    [InlineData("verify")]
    [InlineData("replay")]
    [InlineData("--help")]
    [InlineData("no-verb")]
    [InlineData("")]
    public void Only_verbs_that_make_pictures_are_run(string verb)
    {
        Forge(m => m["replay"]!["command"]![0] = verb);
        Refused();
    }

    public static TheoryData<string> NoManifests =>
    [
        "", "null", "[]", "7", "\"text\"", "{", "{}", "{\"replay\":7}", "{\"replay\":{}}", "{\"replay\":{\"command\":[]}}", "{\"replay\":{\"command\":[1]}}",
        "{\"replay\":{\"command\":\"saliency\"}}", "{\"replay\":{\"command\":[\"saliency\"],\"files\":7}}", "{\"replay\":{\"command\":[\"saliency\"],\"command\":[\"saliency\"]}}",
        "{\"replay\":1,\"replay\":2}", new string('[', 100_000), "{\"a\":" + new string('[', 1000) + new string(']', 1000) + "}",
    ];

    [Theory]
    [MemberData(nameof(NoManifests))]
    public void What_is_no_manifest_is_refused_in_one_line(string text)
    {
        _folder.Write("clone/out/x.png", PngWriter.Encode(new Image(8, 8), [new("onnxviz", text)]));
        Refused();
    }

    [Fact]
    public void Numbers_of_another_kind_are_passed_over()
    {
        Forge(m =>
        {
            m["replay"]!["threads"] = "many";
            m["replay"]!["page"] = -5;
            m["winograd"] = 7;
            m["precision"] = new JsonArray();
            m["device"] = true;
            m["options"] = 3;
            m["conventions"] = new JsonArray(1, 2);
            m["model"] = "net";
        });
        Assert.Equal(4, CliRun.Of("replay", _picture, "-o", _folder["again.png"]).Exit);
        Forge(m => m["replay"]!["threads"] = int.MaxValue);
        Assert.Equal(4, CliRun.Of("replay", _picture, "-o", _folder["again.png"]).Exit);
    }

    [Fact]
    public void What_a_manifest_says_is_no_command_to_a_terminal_and_no_markup()
    {
        const string Evil = "\u001b]0;title\u0007\u009b31m\r\n\u202eevil<script>alert(1)</script>";
        Forge(m =>
        {
            m["program"] = Evil;
            m[Evil] = new JsonObject { [Evil] = new JsonArray(Evil, new JsonObject { [Evil] = Evil }) };
            m["options"]![Evil] = Evil;
            m["replay"]!["cpu"] = Evil;
            m["replay"]!["files"]!.AsArray().Add(new JsonObject { ["path"] = Evil, ["sha256"] = Evil, ["picture"] = Evil });
            m["replay"]!["command"]!.AsArray().Add($"--class={Evil}");
        });
        string[][] commands =
        [
            ["manifest", _picture],
            ["manifest", _picture, "--json"],
            ["replay", _picture, "-o", _folder["again.png"]],
            ["verify", _folder["clone/out"], "--html", _folder["r.html"], "--junit", _folder["r.xml"]],
        ];
        foreach (var command in commands)
        {
            var run = CliRun.Of(command);
            Assert.DoesNotContain((run.Out + run.Error).Where(c => c != '\n'), c => char.IsControl(c) || c == '\u202e');
        }

        Assert.DoesNotContain("<script", File.ReadAllText(_folder["r.html"]));
        Assert.NotNull(System.Xml.Linq.XDocument.Load(_folder["r.xml"]).Root);
    }

    [Fact]
    public void The_picture_and_what_it_is_made_of_are_not_written_over()
    {
        Forge(_ => { });
        foreach (var place in new[] { _picture, _folder["clone/cat.png"] })
        {
            var before = File.ReadAllBytes(place);
            Assert.Equal(2, CliRun.Of("replay", _picture, "-o", place).Exit);
            Assert.Equal(before, File.ReadAllBytes(place));
        }

        Assert.Equal(2, CliRun.Of("verify", _folder["clone/out"], "--html", _picture).Exit);
    }

    [Fact]
    public void A_link_in_a_folder_is_neither_followed_nor_replaced()
    {
        if (OperatingSystem.IsWindows()) return;
        Forge(_ => { });
        File.Move(_picture, _folder["x.png"]);
        File.CreateSymbolicLink(_picture, _folder["x.png"]);
        Assert.Equal(3, CliRun.Of("verify", _folder["clone/out"], "--update").Exit);
        Assert.Equal(_folder["x.png"], new FileInfo(_picture).LinkTarget);
    }

    /// <summary>The very file may lie behind a link: what its hash tells is known already.</summary>
    [Fact]
    public void Where_a_link_leads_to_the_very_file_it_counts()
    {
        if (OperatingSystem.IsWindows()) return;
        Forge(_ => { });
        File.Move(_folder["clone/net.onnx"], _folder["net.onnx"]);
        File.CreateSymbolicLink(_folder["clone/net.onnx"], _folder["net.onnx"]);
        Assert.Equal(0, CliRun.Of("replay", _picture, "-o", _folder["again.png"]).Exit);
        File.AppendAllText(_folder["net.onnx"], "x");
        Refused();
    }

    /// <summary>Makes a picture, and changes what it says of itself.</summary>
    private void Forge(Action<JsonObject> change)
    {
        var run = CliRun.Of("saliency", "-m", _folder["clone/net.onnx"], "-i", _folder["clone/cat.png"], "--class", "1", "--device", "cpu", "-o", _picture);
        Assert.True(run.Exit == 0, run.Error);
        var json = PictureManifest.Of(_picture).Json;
        var before = json.ToJsonString();
        change(json);
        var picture = ImageFile.Load(_picture);
        if (json.ToJsonString() != before) picture = new Image(8, 8);
        _folder.Write("clone/out/x.png", PngWriter.Encode(picture, [new("onnxviz", json.ToJsonString())]));
    }

    private void Refused()
    {
        var before = Directory.GetFiles(_folder.Path).Order().ToArray();
        var run = CliRun.Of("replay", _picture, "-o", _folder["again.png"]);
        Assert.True(run.Exit is 2 or 3 && run.Out.Length == 0, $"exit {run.Exit}: {run.Out}{run.Error}");
        Assert.Equal(1, run.Error.Count(c => c == '\n'));
        Assert.DoesNotContain("internal error", run.Error);
        Assert.Equal(before, Directory.GetFiles(_folder.Path).Order());
        Assert.Equal(3, CliRun.Of("verify", _folder["clone/out"]).Exit);
    }
}

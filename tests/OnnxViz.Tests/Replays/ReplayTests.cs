using System.Text.Json.Nodes;
using OnnxViz.Cli;
using OnnxViz.Cli.Results.Replays;
using OnnxViz.Cli.Shared;
using OnnxViz.Cli.Shared.Recording;
using OnnxViz.Cli.Shell;
using OnnxViz.Imaging;
using OnnxViz.Imaging.Files;
using OnnxViz.Onnx;
using OnnxViz.Tests.Support;
using OnnxViz.Tests.Support.Networks;
using Xunit;

namespace OnnxViz.Tests.Replays;

/// <summary>Pictures come out of their own manifests as they came out of their commands, and what is not as it was is said.</summary>
public sealed class ReplayTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly string _model;

    public ReplayTests()
    {
        _model = SmallClassifier.Save(_folder["net.onnx"], dims: [-1, 3, 24, 24]);
        _folder.Write("images/cat.png", File.ReadAllBytes(Repository.Carried("images/chelsea.png")));
        _folder.Write("images/rocket.jpg", File.ReadAllBytes(Repository.Carried("images/rocket.jpg")));
        _folder.Write("x.npy", NpyFile.Encode([.. Enumerable.Range(0, 2 * 3 * 24 * 24).Select(i => (i * 7 % 11) / 11f)], [2, 3, 24, 24]));
        // Without a repository of its own nothing above the pictures would count.
        Directory.CreateDirectory(_folder[".git"]);
    }

    public static TheoryData<string> Commands =>
    [
        "saliency -i IMAGES --method grad-cam -o out/",
        "saliency -i CAT ROCKET --methods gradient,grad-cam,smoothgrad --samples 2 --class 1,top -o out/x.png",
        "saliency -i CAT ROCKET --class 1,top --seed 5 --method smoothgrad --samples 2 -o out/",
        "saliency --input-tensor TENSOR --class 1 -o out/",
        "activations -i IMAGES --layer first,second --count 3 -o out/",
        "kernels --layer first_conv --unit random:2 --seed 3 -o out/x.png",
        "segment -i CAT --method gradient -o out/",
        "deconv -i CAT --layer pool --top 2 -o out/x.png",
        "top --image IMAGES --layer second --unit 0,1 --no-deconv --steps 2 -o out/",
        "maximize --layer second --unit 0,2-3 --steps 2 --init noise:0.2,0.3 --plus=-0.5*second:1 -o out/",
        "maximize --layer second --unit random:2 --steps 2 --init CAT -o out/x.png",
        "invert -i IMAGES --layer second --steps 2 --display picture -o out/",
    ];

    public void Dispose() => _folder.Dispose();

    [Theory]
    [MemberData(nameof(Commands))]
    public void Pictures_come_out_of_their_manifests_byte_for_byte(string command)
    {
        Make(command);
        var made = Directory.GetFiles(_folder["out"], "*.png");
        Assert.NotEmpty(made);
        var before = made.ToDictionary(f => f, File.ReadAllBytes);
        var run = CliRun.Of("verify", _folder["out"], "--tolerance", "0", "--json");
        Assert.True(run.Exit == 0, run.Out + run.Error);
        Assert.Equal(made.Length, run.Json["same"]!.GetValue<int>());
        Assert.All(run.Json["pictures"]!.AsArray(), p => Assert.Empty(p!["changed"]!.AsObject()));

        var again = CliRun.Of("replay", made[^1], "-o", _folder["again.png"]);
        Assert.True(again.Exit == 0, again.Error);
        Assert.Equal(before[made[^1]], File.ReadAllBytes(_folder["again.png"]));
        Assert.All(before, b => Assert.Equal(b.Value, File.ReadAllBytes(b.Key)));
    }

    [Fact]
    public void Another_model_is_told_and_how_far_its_picture_is()
    {
        Make("saliency -i CAT --class 1 -o out/x.png");
        var before = File.ReadAllBytes(_folder["out/x.png"]);
        SmallClassifier.Save(_model, seed: 7, dims: [-1, 3, 24, 24]);
        var run = CliRun.Of("replay", _folder["out/x.png"], "-o", _folder["again.png"]);
        Assert.Equal(4, run.Exit);
        Assert.Contains("Not as it was: model: net.onnx (sha256 ", run.Out);
        Assert.Contains("Different: largest difference ", run.Out);
        var json = CliRun.Of("replay", _folder["out/x.png"], "-o", _folder["again.png"], "--json").Json;
        Assert.InRange(json["mean"]!.GetValue<double>(), 0.001, 255);
        Assert.InRange(json["share"]!.GetValue<double>(), 0.001, 1);
        Assert.Equal(Mean(ImageFile.Load(_folder["out/x.png"]), ImageFile.Load(_folder["again.png"])), json["mean"]!.GetValue<double>(), 9);

        Assert.Equal(4, CliRun.Of("verify", _folder["out"]).Exit);
        Assert.Equal(0, CliRun.Of("verify", _folder["out"], "--tolerance", "300").Exit);
        Assert.Equal(before, File.ReadAllBytes(_folder["out/x.png"]));
        Assert.Equal(0, CliRun.Of("verify", _folder["out"], "--update").Exit);
        Assert.Equal(File.ReadAllBytes(_folder["again.png"]), File.ReadAllBytes(_folder["out/x.png"]));
        Assert.Equal(0, CliRun.Of("verify", _folder["out"], "--tolerance", "0").Exit);
    }

    /// <summary>A version of a known model that nobody described is shown pictures as the known one was.</summary>
    [Fact]
    public void A_model_that_nobody_described_is_shown_pictures_as_the_manifest_says()
    {
        Make("saliency -i CAT --class 1 -o out/x.png");
        Rewrite("out/x.png", m =>
        {
            var told = m["conventions"]!;
            (told["fit"], told["range"], told["mean"], told["std"], told["color"]) = ("short-side 32, crop", "0,255", "127,127,127", "128,128,128", "bgr");
        });
        var run = CliRun.Of("replay", _folder["out/x.png"], "-o", _folder["again.png"], "--json");
        Assert.Equal(4, run.Exit);
        Assert.Empty(run.Json["changed"]!.AsObject());
        Rewrite("out/x.png", m => m["conventions"]!["range"] = "255,0");
        Assert.Equal(3, CliRun.Of("replay", _folder["out/x.png"], "-o", _folder["again.png"]).Exit);
    }

    [Fact]
    public void Another_picture_threads_and_versions_are_told()
    {
        Make("saliency -i CAT --class 1 -o out/x.png");
        _folder.Write("cat.png", PngWriter.Encode(ImageFile.Load(Repository.Carried("images/coffee.png"))));
        Rewrite("out/x.png", m =>
        {
            m["program"] = "onnxviz 0.0.1";
            m["onnxruntime"] = "1.17.0";
            m["replay"]!["threads"] = 1;
            m["replay"]!["cpu"] = "SSE4.2";
        });
        var changed = CliRun.Of("replay", _folder["out/x.png"], "-o", _folder["again.png"], "--threads", "2", "--json").Json["changed"]!.AsObject();
        Assert.Equal(["cpu", "input cat.png", "onnxruntime", "program", "threads"], changed.Select(c => c.Key).Order(StringComparer.Ordinal));
        Assert.Equal("1 before, 2 now", changed["threads"]!.GetValue<string>());
    }

    /// <summary>What is recorded leads from the repository on, whatever folder it is in and from wherever it is looked at.</summary>
    [Fact]
    public void Pictures_of_a_repository_are_made_again_in_another_clone()
    {
        using (var child = new ChildProgram(["saliency", "-m", "../net.onnx", "-i", "../images/", "--class", "1", "--device", "cpu", "-o", "../explained/", "--quiet"], workingFolder: Directory.CreateDirectory(_folder["sub"]).FullName))
            Assert.Equal((0, ""), (child.End().Exit, child.End().Error));
        var made = Directory.GetFiles(_folder["explained"]);
        Assert.Equal(2, made.Length);
        Assert.Contains("--model=net.onnx --image=images --class=1", CliRun.Text("manifest", made[0]));

        using TemporaryFolder other = new();
        foreach (var file in new[] { "net.onnx", "images/cat.png", "images/rocket.jpg" }) other.Write($"clone/{file}", File.ReadAllBytes(_folder[file]));
        foreach (var file in made) other.Write($"clone/deep/down/{Path.GetFileName(file)}", File.ReadAllBytes(file));
        // No repository: it is the working folder, or the picture's, that counts.
        Assert.Equal(3, CliRun.Of("verify", other["clone/deep"]).Exit);
        Assert.Equal(0, CliRun.Of("verify", other["clone/deep"], "--root", other["clone"], "--tolerance", "0").Exit);
        using (var child = new ChildProgram(["verify", "clone/deep", "--tolerance", "0"], workingFolder: other.Path)) Assert.Equal(0, child.End().Exit);
        using (var child = new ChildProgram(["verify", "deep", "--tolerance", "0"], workingFolder: other["clone"])) Assert.Equal(0, child.End().Exit);
        // A worktree has a file of that name.
        other.Write("clone/.git", [1]);
        Assert.Equal(0, CliRun.Of("verify", other["clone/deep/down"], "--tolerance", "0").Exit);
        SmallClassifier.Save(other["clone/net.onnx"], seed: 3, dims: [-1, 3, 24, 24]);
        Assert.Equal(4, CliRun.Of("verify", other["clone/deep/down"]).Exit);
    }

    [Fact]
    public void Reports_show_what_differs_and_what_is_missing()
    {
        Make("saliency -i IMAGES --class 1 -o out/");
        var made = Directory.GetFiles(_folder["out"]).Order(StringComparer.Ordinal).ToArray();
        Rewrite($"out/{Path.GetFileName(made[0])}", _ => { }, picture => picture.Pixels.AsSpan(0, 3000).Fill(7));
        _folder.Write("out/other.png", PngWriter.Encode(new Image(4, 4)));
        var gone = JsonNode.Parse("{}")!;
        Rewrite($"out/{Path.GetFileName(made[1])}", m => gone = m["replay"]!["command"]![1] = "--model=gone.onnx");
        var run = CliRun.Of("verify", _folder["out"], "--html", _folder["r.html"], "--junit", _folder["r.xml"]);
        Assert.Equal(3, run.Exit);
        Assert.Contains("2 pictures: 0 the same, 1 different, 1 could not be made again; 1 that are no such pictures passed over.", run.Out);
        Assert.Contains("gone.onnx", run.Out);
        var suite = System.Xml.Linq.XDocument.Load(_folder["r.xml"]).Root!.Element("testsuite")!;
        Assert.Equal(("2", "1", "1"), ((string)suite.Attribute("tests")!, (string)suite.Attribute("failures")!, (string)suite.Attribute("errors")!));
        var html = File.ReadAllText(_folder["r.html"]);
        Assert.Equal(3, html.Split("data:image/png").Length - 1);
        Assert.DoesNotContain("src=\"http", html);
    }

    /// <summary>Each option that names a file is told as one, or is a place of results that no manifest may have.</summary>
    [Fact]
    public void Options_that_name_places_are_recorded_as_files_or_not_at_all()
    {
        string[] places = ["animate", "frames", "out", "prepared", "raw", "raw-alpha", "state"];
        foreach (var verb in VerbList.All.Where(v => typeof(IResults).IsAssignableFrom(v)).Select(Binding.TypeOf))
        {
            var recorded = RecordedCommand.Options(verb).Select(o => o.Option.LongName).ToHashSet();
            var named = Manual.Options(verb).Where(o => RecordedCommand.NamesFiles(o.Option)).Select(o => o.Option.LongName);
            Assert.Empty(named.Except(recorded).Except(places));
            Assert.Empty(recorded.Intersect([.. places, "ort-library", "profile", "json", "skip-existing", "shard", "device"]));
        }
    }

    private static double Mean(Image a, Image b) => a.Pixels.Zip(b.Pixels, (x, y) => Math.Abs(x - y)).Average();

    private void Make(string command)
    {
        string[] words = [.. command.Split(' ').Select(w => w switch { "IMAGES" => _folder["images"], "CAT" => _folder["images/cat.png"], "ROCKET" => _folder["images/rocket.jpg"], "TENSOR" => _folder["x.npy"], _ => w.StartsWith("out/", StringComparison.Ordinal) ? _folder[w] : w })];
        // What lies outside of the working folder is told by its name.
        string[] device = words[0] == "kernels" ? [] : ["--device", "cpu"];
        var run = CliRun.Of([.. words, "-m", _model, .. device, "--quiet"]);
        Assert.True(run.Exit == 0, run.Error);
        foreach (var file in Directory.GetFiles(_folder["images"])) _folder.Write(Path.GetFileName(file), File.ReadAllBytes(file));
    }

    private void Rewrite(string file, Action<JsonObject> change, Action<Image>? paint = null)
    {
        var (picture, manifest) = (ImageFile.Load(_folder[file]), PictureManifest.Of(_folder[file]).Json);
        change(manifest);
        paint?.Invoke(picture);
        _folder.Write(file, PngWriter.Encode(picture, [new("onnxviz", manifest.ToJsonString())]));
    }
}

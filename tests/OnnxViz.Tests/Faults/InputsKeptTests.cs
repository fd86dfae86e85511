using OnnxViz.Onnx;
using OnnxViz.Tests.Support;
using OnnxViz.Tests.Support.Networks;
using Xunit;

namespace OnnxViz.Tests.Faults;

/// <summary>No result is written over what it is made of, by whatever name the file is called.</summary>
public sealed class InputsKeptTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    /// <summary>Each command reads the file IN and would write to OUT, which is the same file by another name.</summary>
    public static TheoryData<string> Commands =>
    [
        "saliency -m MODEL -i IN.png --class 1 -o OUT.png",
        "saliency -m MODEL -i CAT --class 1 --method integrated-gradients --baseline IN.png -o OUT.png",
        "saliency -m IN.png:model -i CAT --class 1 -o OUT.png",
        "saliency -m IN.npy:model -i CAT --class 1 --raw OUT.npy",
        "saliency -m MODEL --input-tensor IN.npy --class 1 --raw OUT.npy",
        "saliency -m MODEL -i CAT --labels-file IN.png:labels -o OUT.png",
        "saliency -m MODEL -i CAT --class 1 -o OUT.png --prepared IN.png:prepared",
        "segment -m MODEL -i IN.png --class 1 -o OUT.png",
        "predict -m MODEL --input-tensor IN.npy --raw OUT.npy",
        "predict -m IN.npy:model -i CAT --raw OUT.npy",
        "predict -m MODEL -i CAT --raw OUT.npy --labels-file IN.npy:labels",
        "predict -m IN.npy:external -i CAT --raw OUT.npy",
        "activations -m MODEL -i IN.png --layer first -o OUT.png",
        "kernels -m IN.png:model --layer first_conv -o OUT.png",
        "kernels -m IN.npy:model --layer first_conv --raw OUT.npy",
        "deconv -m MODEL -i IN.png --layer second --top 1 -o OUT.png",
        "invert -m MODEL -i IN.png --layer second --steps 1 -o OUT.png",
        "maximize -m IN.png:model --layer second --unit 0 --steps 1 -o OUT.png",
        "maximize -m MODEL --layer second --unit 0 --steps 1 --init IN.png -o OUT.png",
        "maximize -m MODEL --layer second --steps 1 --direction IN.npy:direction -o a.png --raw OUT.npy",
        "maximize -m IN.png:model --layer second --unit 0 --steps 1 -o a.png --animate OUT.png",
        "top PICTURES -m MODEL --layer first --unit 0 --no-maximize -o OUT.png",
        "compare IN.png CAT -o OUT.png",
        "compare CAT IN.png -o OUT.png",
    ];

    [Theory]
    [MemberData(nameof(Commands))]
    public void By_its_own_name(string command) => Refused(command, (from, to) => File.Copy(from, to), isSame: true);

    [SkippableTheory]
    [MemberData(nameof(Commands))]
    public void By_a_link(string command)
    {
        Skip.If(OperatingSystem.IsWindows(), "Windows makes no links for everybody.");
        Refused(command, (from, to) => File.CreateSymbolicLink(to, from));
    }

    [SkippableTheory]
    [MemberData(nameof(Commands))]
    public void By_a_hard_link(string command)
    {
        Skip.IfNot(OperatingSystem.IsLinux(), "Elsewhere hard links are not told from files.");
        Refused(command, (from, to) => Shell.Run("ln", from, to));
    }

    [Fact]
    public void A_folder_that_holds_the_model_is_not_prepared_into()
    {
        var model = SmallClassifier.Save(_folder["mf/forward.onnx"]);
        var before = File.ReadAllBytes(model);
        _folder.Write("mf/model.json", "{}"u8.ToArray());
        Assert.Equal(2, CliRun.Of("prepare", model, "-o", _folder["mf"]).Exit);
        Assert.Equal(before, File.ReadAllBytes(model));

        // A folder of the program's own, of which one graph is named as the model.
        CliRun.Text("prepare", model, "-o", _folder["own"], "--layers", "second");
        var run = CliRun.Of("prepare", _folder["own/forward.onnx"], "-o", _folder["own"]);
        Assert.Equal(2, run.Exit);
        Assert.Contains("what the result is made of", run.Error, StringComparison.Ordinal);

        // Or of which one file is another's now.
        File.Copy(model, _folder["own/forward.onnx"], overwrite: true);
        Assert.Equal(2, CliRun.Of("prepare", model, "-o", _folder["own"]).Exit);
        Assert.Equal(before, File.ReadAllBytes(_folder["own/forward.onnx"]));
    }

    [SkippableFact]
    public void A_link_at_the_place_of_a_result_is_followed_and_stays()
    {
        Skip.If(OperatingSystem.IsWindows(), "Windows makes no links for everybody.");
        var model = SmallClassifier.Save(_folder["net.onnx"]);
        _folder.Write("elsewhere/old.png", [1]);
        File.CreateSymbolicLink(_folder["link.png"], _folder["elsewhere/old.png"]);
        File.CreateSymbolicLink(_folder["new.npy"], "elsewhere/new.npy");
        CliRun.Text("kernels", "-m", model, "--layer", "first_conv", "-o", _folder["link.png"], "--raw", _folder["new.npy"]);
        Assert.NotNull(new FileInfo(_folder["link.png"]).LinkTarget);
        Assert.NotNull(new FileInfo(_folder["new.npy"]).LinkTarget);
        Assert.True(new FileInfo(_folder["elsewhere/old.png"]).Length > 1);
        Assert.Equal([8L, 3, 3, 3], NpyFile.Load(_folder["elsewhere/new.npy"]).Dims);
        Assert.Equal(["link.png", "net.onnx", "new.npy"], Directory.GetFiles(_folder.Path).Select(f => Path.GetFileName(f)).Order());
    }

    [Fact]
    public void What_is_read_by_nobody_may_be_written_over()
    {
        var model = SmallClassifier.Save(_folder["net.onnx"]);
        for (var time = 0; time < 2; time++) CliRun.Text("kernels", "-m", model, "--layer", "first_conv", "-o", _folder["kernels.png"]);
        // A picture of before lies in the folder of results, and is one of those that are looked at.
        File.Copy(Repository.Carried("images/chelsea.png"), _folder["pictures/cat.png".Replace("pictures/", "")]);
        for (var time = 0; time < 2; time++) CliRun.Text("saliency", "-m", model, "-i", _folder["cat.png"], "--class", "1", "--size", "32", "-o", _folder["results/"]);
    }

    public void Dispose() => _folder.Dispose();

    private void Refused(string command, Action<string, string> alias, bool isSame = false)
    {
        var cat = _folder.Write("pictures/cat.png", File.ReadAllBytes(Repository.Carried("images/chelsea.png")));
        var words = command.Split(' ');
        var extension = words.Any(w => w == "OUT.npy") ? ".npy" : ".png";
        var input = _folder[$"in{extension}"];
        var word = words.FirstOrDefault(w => w.StartsWith("IN.", StringComparison.Ordinal));
        Make(word?.Split(':') is [_, var kind] ? kind : extension, input, cat);
        if (words.Contains("PICTURES")) (input, word) = (cat, "");
        var output = isSame ? word?.EndsWith(":external") == true ? _folder["weights.npy"] : input : _folder[$"out{extension}"];
        if (!isSame) alias(word?.EndsWith(":external") == true ? _folder["weights.npy"] : word?.EndsWith(":prepared") == true ? _folder["in.png/forward.onnx"] : input, output);
        else if (word?.EndsWith(":prepared") == true) return;
        var model = SmallClassifier.Save(_folder["net.onnx"], 1, 1, 3, 32, 32);
        var before = Hashes();
        var run = CliRun.Of([.. words.Select(w => w == word ? input : w switch
        {
            "MODEL" => model, "CAT" => cat, "PICTURES" => _folder["pictures"], "OUT.png" or "OUT.npy" => output, "a.png" => _folder["a.png"], _ => w,
        })]);
        Assert.True(run.Exit == 2, $"Exit code {run.Exit}: {run.Error}");
        Assert.Contains("would be written over", run.Error, StringComparison.Ordinal);
        Assert.Equal(before, Hashes());
    }

    private void Make(string kind, string path, string cat)
    {
        switch (kind)
        {
            case "model":
                SmallClassifier.Save(path, 1, 1, 3, 32, 32);
                break;
            case "external":
                var weights = Forgery.External("w", 3 * 32 * 32, ("location", "weights.npy"));
                weights.Dims.Clear();
                weights.Dims.AddRange([3, 32, 32]);
                _folder.Write("weights.npy", new byte[4 * 3 * 32 * 32]);
                var model = Forgery.Adding(weights);
                model.Graph.Node.Insert(0, Forgery.Node("Identity", ["x"], ["z"]));
                foreach (var node in model.Graph.Node.Where(n => n.OpType == "Add")) node.Output[0] = "sum";
                model.Graph.Node.Add(Forgery.Node("GlobalAveragePool", ["sum"], ["y"]));
                model.Graph.Input[0] = Forgery.Info("x", 1, 3, 32, 32);
                File.WriteAllBytes(path, Google.Protobuf.MessageExtensions.ToByteArray(model));
                break;
            case "labels":
                File.WriteAllLines(path, Enumerable.Range(0, 10).Select(i => $"thing {i}"));
                break;
            case "direction":
                File.WriteAllBytes(path, NpyFile.Encode(new float[16].Select((_, i) => i + 1f).ToArray(), 16));
                break;
            case "prepared":
                CliRun.Text("prepare", SmallClassifier.Save(_folder["net.onnx"], 1, 1, 3, 32, 32), "-o", path, "--layers", "second");
                break;
            case ".npy":
                File.WriteAllBytes(path, NpyFile.Encode(new float[3 * 32 * 32], 1, 3, 32, 32));
                break;
            default:
                File.Copy(cat, path);
                break;
        }
    }

    private string[] Hashes() => [.. Directory.EnumerateFiles(_folder.Path, "*", SearchOption.AllDirectories).Order(StringComparer.Ordinal)
        .Select(f => $"{f} {Convert.ToHexString(System.Security.Cryptography.SHA256.HashData(File.ReadAllBytes(f)))}")];
}

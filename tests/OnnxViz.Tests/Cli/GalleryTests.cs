using System.Text.RegularExpressions;
using OnnxViz.Imaging.Files;
using OnnxViz.Tests.Support;
using Xunit;

namespace OnnxViz.Tests.Cli;

/// <summary>README's gallery: every command as it stands there, in an empty folder; but with few steps, small pictures and the data that every clone has.</summary>
public sealed partial class GalleryTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    /// <summary>Those that make a picture from what the repository carries alone.</summary>
    public static TheoryData<string> Commands => new(All.Where(c => !IsOfRun(c) && !IsOfPackage(c)));

    private static string[] All
    {
        get
        {
            var readme = File.ReadAllText(Path.Combine(Repository.Root, "README.md"));
            var (from, to) = (readme.IndexOf("\n## Gallery", StringComparison.Ordinal), readme.IndexOf("\n## Prepared", StringComparison.Ordinal));
            return [.. Code().Matches(readme[from..to]).Select(m => m.Groups[1].Value).Where(c => c.Contains(" -o ", StringComparison.Ordinal))];
        }
    }

    public void Dispose() => _folder.Dispose();

    [Theory]
    [MemberData(nameof(Commands))]
    public void Makes_its_picture(string command) => Run(command);

    [Fact]
    public void A_run_is_trained_and_shown()
    {
        var commands = All.Where(IsOfRun).ToList();
        Assert.Equal(["train", "evolve"], commands.Select(c => c.Split(' ')[0]));
        commands.ForEach(Run);
    }

    /// <summary>Of a network that is in somebody's package: tests/OnnxViz.RealNetworks has it.</summary>
    [Fact]
    public void What_is_not_carried_is_asked_for()
    {
        var command = Assert.Single(All, IsOfPackage);
        using var program = new ChildProgram(CommandLines.Words(command), workingFolder: _folder.Path);
        var ended = program.End();
        Assert.Equal(3, ended.Exit);
        Assert.Contains("`onnxviz pull resnet18-mlnet` fetches it.", ended.Error, StringComparison.Ordinal);
    }

    private static bool IsOfPackage(string command) => command.Contains("-m resnet18-mlnet ", StringComparison.Ordinal);

    private static bool IsOfRun(string command) => command.Contains("run/", StringComparison.Ordinal);

    private void Run(string command)
    {
        var words = CommandLines.Words(Shortened(command));
        using var program = new ChildProgram([.. words, .. words[0] == "kernels" ? Array.Empty<string>() : ["--device", "cpu"]], workingFolder: _folder.Path);
        var ended = program.End();
        Assert.True(ended.Exit == 0, $"{Shortened(command)}: {ended.Error}");
        var place = words[Array.IndexOf(words, "-o") + 1];
        if (place.EndsWith(".png", StringComparison.Ordinal)) Assert.True(ImageFile.Load(_folder[place]).Width > 50);
        else Assert.True(Directory.Exists(_folder[place]));
        if (command.Contains("chelsea.png", StringComparison.Ordinal)) Assert.Contains("There is no 'chelsea.png' here", ended.Error);
    }

    private static string Shortened(string command) => command.Split(' ')[0] switch
    {
        // A class is asked of a network that takes pictures of one size only.
        "maximize" when command.Contains("--layer", StringComparison.Ordinal) => Set(Set(command, "steps", "2"), "size", "64"),
        "maximize" => Set(command, "steps", "2"),
        "deconv" => Set(command, "size", "64"),
        "invert" => Set(Set(command, "steps", "2"), "size", "48"),
        "top" or "evolve" when command.Contains("--checkpoints", StringComparison.Ordinal) => Set(Set(command, "steps", "2"), "checkpoints", "0,s10,1"),
        "top" => Set(command, "steps", "2"),
        "train" => Set(Set(command, "epochs", "1"), "data", "fashion-mnist-small"),
        "saliency" when command.Contains("integrated-gradients", StringComparison.Ordinal) => Set(command, "steps", "2"),
        _ => command,
    };

    private static string Set(string command, string option, string value) => command.Contains($"--{option} ", StringComparison.Ordinal)
        ? Regex.Replace(command, $"--{option} \\S+", $"--{option} {value}")
        : $"{command} --{option} {value}";

    [GeneratedRegex("`onnxviz ([^`]+)`")]
    private static partial Regex Code();
}

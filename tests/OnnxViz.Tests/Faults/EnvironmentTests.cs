using OnnxViz.Imaging.Files;
using OnnxViz.Tests.Support;
using Xunit;

namespace OnnxViz.Tests.Faults;

/// <summary>Machines that are set up in other ways: the same results, byte for byte.</summary>
public sealed class EnvironmentTests : IDisposable
{
    private const string Command = "PROGRAM saliency -m net.onnx -i pictures/1.png --class 1 --device cpu --threads 1 -o out.png --raw raw.npy";

    private readonly TemporaryFolder _folder = new();

    [SkippableTheory]
    [InlineData("LC_ALL", "tr_TR.UTF-8")]
    [InlineData("LC_ALL", "de_DE.UTF-8")]
    [InlineData("LC_ALL", "ar_SA.UTF-8")]
    [InlineData("LC_ALL", "C")]
    [InlineData("HOME", null)]
    [InlineData("HOME", "/nowhere/at/all")]
    [InlineData("HOME", "relative")]
    [InlineData("ONNXVIZ_CACHE", "/dev/null")]
    [InlineData("ONNXVIZ_CACHE", "/proc/nowhere")]
    [InlineData("ONNXVIZ_CACHE", "off")]
    [InlineData("TMPDIR", "/nowhere/at/all")]
    [InlineData("TERM", null)]
    public void Make_the_same(string variable, string? value)
    {
        Skip.IfNot(OperatingSystem.IsLinux(), "It takes a shell.");
        WritingVerbs.Fill(_folder);
        Assert.Equal(0, Shell.Script(Command, _folder.Path).Exit);
        var (picture, raw) = (File.ReadAllBytes(_folder["out.png"]), File.ReadAllBytes(_folder["raw.npy"]));
        var run = variable == "HOME" ? Shell.Script(Command, _folder.Path, (variable, value), ("ONNXVIZ_CACHE", null), ("XDG_CACHE_HOME", null)) : Shell.Script(Command, _folder.Path, (variable, value));
        Assert.True(run.Exit == 0, run.Error);
        Assert.Equal(picture, File.ReadAllBytes(_folder["out.png"]));
        Assert.Equal(raw, File.ReadAllBytes(_folder["raw.npy"]));
    }

    [SkippableTheory]
    [InlineData("summary NET", 0)]
    [InlineData("kernels -m NET --layer first_conv -o kernels.png", 1)]
    [InlineData("saliency -m NET -i PICTURE --class 1 -o ABSOLUTE", 0)]
    [InlineData("summary net.onnx", 3)]
    [InlineData("prepare NET -o prepared", 1)]
    [InlineData("doctor", 0)]
    public void A_working_folder_that_is_gone(string command, int exit)
    {
        Skip.IfNot(OperatingSystem.IsLinux(), "Elsewhere a folder that is used cannot be deleted.");
        WritingVerbs.Fill(_folder);
        var line = command.Replace("NET", _folder["net.onnx"], StringComparison.Ordinal).Replace("PICTURE", _folder["pictures/1.png"], StringComparison.Ordinal).Replace("ABSOLUTE", _folder["out.png"], StringComparison.Ordinal);
        var run = Shell.Script($"mkdir gone && cd gone && rmdir ../gone && PROGRAM {line}", _folder.Path);
        Assert.True(run.Exit == exit, $"{run.Exit}: {run.Error}");
        Assert.DoesNotContain("internal error", run.Error, StringComparison.Ordinal);
    }

    [SkippableFact]
    public void A_cache_with_bits_that_flipped_is_as_good_as_none()
    {
        Skip.IfNot(OperatingSystem.IsLinux(), "It takes a shell.");
        WritingVerbs.Fill(_folder);
        // The hash of the carried model is kept, and stands in the picture's manifest.
        const string Line = "PROGRAM saliency -i pictures/1.png --method gradient --device cpu -o why.png";
        (string, string?) cache = ("ONNXVIZ_CACHE", _folder["cache"]);
        Assert.Equal(0, Shell.Script(Line, _folder.Path, cache).Exit);
        var picture = File.ReadAllBytes(_folder["why.png"]);
        var kept = Directory.GetFiles(_folder["cache"], "*.cache", SearchOption.AllDirectories);
        Assert.NotEmpty(kept);
        foreach (var share in new[] { 0, 0.3, 0.6, 0.99 })
        {
            foreach (var file in kept)
            {
                var bytes = File.ReadAllBytes(file);
                bytes[(int)(share * bytes.Length)] ^= 1;
                File.WriteAllBytes(file, bytes);
            }

            var run = Shell.Script(Line, _folder.Path, cache);
            Assert.True(run.Exit == 0, run.Error);
            Assert.Equal(picture, File.ReadAllBytes(_folder["why.png"]));
        }
    }

    [SkippableFact]
    public void Two_programs_on_one_output_and_one_cache()
    {
        Skip.IfNot(OperatingSystem.IsLinux(), "It takes a shell.");
        WritingVerbs.Fill(_folder);
        (string, string?) cache = ("ONNXVIZ_CACHE", _folder["cache"]);
        const string Line = "PROGRAM prepare net.onnx -o prepared --layers all --rules default,guided";
        var both = Shell.Script($"{Line} & a=$!; {Line} & b=$!; {Command} & c=$!; {Command} & d=$!; e=0; for p in $a $b $c $d; do wait $p || e=$?; done; exit $e", _folder.Path, cache);
        Assert.True(both.Exit == 0, both.Error);
        WritingVerbs.AllIsWhole(_folder);
        WritingVerbs.NothingIsLeft(_folder);
        Assert.True(ImageFile.Load(_folder["out.png"]).Width > 32);
        Assert.True(Directory.Exists(_folder["prepared"]));
    }

    public void Dispose() => _folder.Dispose();
}

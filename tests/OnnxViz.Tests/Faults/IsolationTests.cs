using System.Globalization;
using OnnxViz.Pull;
using OnnxViz.Tests.Support;
using OnnxViz.Tests.Support.Networks;
using Xunit;

namespace OnnxViz.Tests.Faults;

/// <summary>Work in a process of its own: what ends that process is one line and an exit code.</summary>
public sealed class IsolationTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Results_and_errors_come_through()
    {
        var model = Repository.Fixture("inputs/nchw4.onnx");
        Assert.Contains("\"summary\"", Run("summary", model, "--isolate", "--json").Out);
        var (exit, output, error) = Run("summary", _folder["none.onnx"], "--isolate");
        Assert.Equal((3, "", 1), (exit, output, error.Trim().Split('\n').Length));
    }

    [SkippableTheory]
    [InlineData(11, 3)]
    [InlineData(9, 1)]
    public void A_process_that_dies_is_one_line(int signal, int exit)
    {
        Skip.IfNot(OperatingSystem.IsLinux());
        var model = _folder.Write("model.onnx", File.ReadAllBytes(Repository.Carried("vgg16-body.onnx")));
        // By itself, because nobody vouches for the file.
        Untrusted.Mark(model);
        using var program = new ChildProgram(["maximize", "-m", model, "--layer", "conv4_3", "--unit", "0-7", "--steps", "5000", "-o", _folder["o.png"], "--quiet"]);
        var child = Child(program.Id);
        // .NET itself looks at the first of some signals that come from outside.
        for (; !program.HasEnded; Thread.Sleep(200)) _ = ChildProgram.Kill(child, signal);
        var (code, output, error) = program.End();
        Assert.Equal((exit, ""), (code, output));
        Assert.Contains("ended by SIG", Assert.Single(error.Trim().Split('\n')));
        Assert.False(File.Exists(_folder["o.png"]));
    }

    [Fact]
    public void A_picture_of_a_model_that_nobody_vouches_for_is_made_again_in_a_process_of_its_own()
    {
        var model = SmallClassifier.Save(_folder["net.onnx"]);
        Untrusted.Mark(model);
        Assert.Equal(0, Run("maximize", "-m", model, "--class", "1", "--steps", "1", "--device", "cpu", "-o", _folder["o.png"]).Exit);
        var (exit, _, error) = Run("replay", _folder["o.png"], "-o", _folder["again.png"]);
        Assert.Equal(3, exit);
        Assert.Contains("--isolate makes it again", error, StringComparison.Ordinal);
        (exit, _, error) = Run("replay", _folder["o.png"], "-o", _folder["again.png"], "--isolate");
        Assert.True(exit == 0, error);
        (exit, _, error) = Run("verify", _folder.Path, "--isolate");
        Assert.True(exit == 0, error);
    }

    [Fact]
    public void Only_a_file_with_the_mark_beside_it_is_untrusted()
    {
        var file = _folder.Write("a.onnx", [1]);
        Assert.False(Untrusted.Is(file));
        Untrusted.Mark(file);
        Assert.True(Untrusted.Is(file));
        Assert.False(Untrusted.Is(_folder["b.onnx"]));
    }

    private static (int Exit, string Out, string Error) Run(params string[] args)
    {
        using var program = new ChildProgram(args);
        return program.End();
    }

    /// <summary>The program that a program started, once it works.</summary>
    private static int Child(int parent)
    {
        for (var waited = 0; waited < 600; waited++, Thread.Sleep(100))
        {
            var children = File.ReadAllText($"/proc/{parent}/task/{parent}/children").Split(' ', StringSplitOptions.RemoveEmptyEntries)
                .Concat(Directory.EnumerateDirectories($"/proc/{parent}/task").SelectMany(t => File.ReadAllText($"{t}/children").Split(' ', StringSplitOptions.RemoveEmptyEntries)));
            if (children.FirstOrDefault() is { } child && File.ReadAllText($"/proc/{child}/maps").Contains("libonnxruntime")) return int.Parse(child, CultureInfo.InvariantCulture);
        }

        throw new TimeoutException("No child.");
    }
}

using System.Text.Json.Nodes;
using OnnxViz.Graphs.Emit;
using OnnxViz.Runtime;
using OnnxViz.Tests.Support;
using Xunit;

namespace OnnxViz.Tests.Runtime;

/// <summary>Which native library the program takes, seen from outside.</summary>
public sealed class OrtChoiceTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    /// <summary>On the CPU nothing asks for the devices first: a session is the first that loads a library.</summary>
    [Fact]
    public void The_library_that_the_variable_names_runs_a_network_on_the_cpu()
    {
        var bundled = OrtLibrary.Describe().Path!;
        var own = _folder[Path.GetFileName(bundled)];
        File.Copy(bundled, own);
        var picture = Repository.Carried("images/rocket.jpg");
        var predicted = Run(["predict", "-i", picture, "--device", "cpu", "--json"], ortLibrary: own);
        Assert.Equal("657", $"{JsonNode.Parse(predicted.Out)!["pictures"]![0]!["classes"]![0]!["id"]}");
        Assert.Equal((0, ""), (predicted.Exit, predicted.Error));
        Assert.Equal(own, $"{JsonNode.Parse(Run(["doctor", "--json"], ortLibrary: own).Out)!["library"]}");

        // It is the variable's and no other: without the file there is nothing that runs.
        File.Delete(own);
        var (exit, _, error) = Run(["predict", "-i", picture, "--device", "cpu"], ortLibrary: own);
        Assert.Equal(3, exit);
        Assert.Contains(own, error);
    }

    [Fact]
    public void Without_any_library_there_is_one_sentence()
    {
        foreach (var file in Directory.GetFiles(AppContext.BaseDirectory, "*.dll").Concat(Directory.GetFiles(AppContext.BaseDirectory, "onnxviz.*.json")))
            if (!Path.GetFileName(file).StartsWith("onnxruntime", StringComparison.Ordinal)) File.Copy(file, _folder[Path.GetFileName(file)]);
        // Pictures are read by Skia, whose library lies there.
        Directory.CreateSymbolicLink(_folder["runtimes"], Path.Combine(AppContext.BaseDirectory, "runtimes"));
        foreach (var device in new[] { "cpu", "auto" })
        {
            var (exit, _, error) = Run(["predict", "-i", Repository.Carried("images/rocket.jpg"), "--device", device], folder: _folder.Path);
            Assert.Equal(1, exit);
            Assert.StartsWith("onnxviz: There is no ONNX Runtime for ", error);
            Assert.Single(error.Trim().Split('\n'));
        }
    }

    private static (int Exit, string Out, string Error) Run(string[] args, string? folder = null, string? ortLibrary = null)
    {
        using var program = new ChildProgram(args, folder, ortLibrary);
        return program.End();
    }
}

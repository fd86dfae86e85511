using System.Diagnostics;
using OnnxViz.Tests.Support;
using OnnxViz.Tests.Support.Networks;
using Xunit;

namespace OnnxViz.Tests.Examples;

/// <summary>The workflow files of examples/ci, run by the script beside them.</summary>
public class CiExampleTests
{
    [SkippableFact]
    public void Both_workflows_pass_find_another_model_and_take_its_pictures()
    {
        Skip.If(OperatingSystem.IsWindows(), "The script is for bash.");
        using TemporaryFolder folder = new();
        var program = Path.Combine(AppContext.BaseDirectory, "onnxviz.dll");
        var start = new ProcessStartInfo("bash") { RedirectStandardOutput = true, RedirectStandardError = true };
        foreach (var argument in new[]
        {
            Path.Combine(Repository.Root, "examples/ci/run-here.sh"), $"{Environment.GetEnvironmentVariable("DOTNET_HOST_PATH") ?? "dotnet"} {program}",
            SmallClassifier.Save(folder["net.onnx"], dims: [-1, 3, 24, 24]), SmallClassifier.Save(folder["other.onnx"], seed: 9, dims: [-1, 3, 24, 24]), Repository.Carried("images/chelsea.png"),
        }) start.ArgumentList.Add(argument);
        start.Environment["ONNXVIZ_MODELS"] = Repository.Carried("");
        using var script = Process.Start(start)!;
        var (output, error) = (script.StandardOutput.ReadToEndAsync(), script.StandardError.ReadToEndAsync());
        Assert.True(script.WaitForExit(TimeSpan.FromMinutes(4)), "The script has not ended.");
        Assert.True(script.ExitCode == 0, output.Result + error.Result);
        foreach (var file in new[] { "github.yml", "gitlab-ci.yml" })
            foreach (var (what, exit) in new[] { ("another clone", 0), ("another model", 4), ("another model, whose explanations were accepted", 0) })
                Assert.Contains($"{file}: {what}: exit {exit}, as it should be", output.Result);
    }
}

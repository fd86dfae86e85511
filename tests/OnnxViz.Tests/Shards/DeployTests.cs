using System.Diagnostics;
using System.Text.RegularExpressions;
using OnnxViz.Cli;
using OnnxViz.Cli.Shell;
using OnnxViz.Tests.Support;
using OnnxViz.Tests.Support.Networks;
using Xunit;

namespace OnnxViz.Tests.Shards;

/// <summary>What lies ready under deploy/ for schedulers: its shell and YAML are such, its commands are understood, and lost parts are tried again.</summary>
public sealed partial class DeployTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    private static string Deploy(string file) => Path.Combine(Repository.Root, "deploy", file);

    [SkippableTheory]
    [InlineData("slurm/onnxviz-array.sbatch")]
    [InlineData("slurm/onnxviz-run.sh")]
    public void Scripts_are_shell(string script) => Assert.Equal((0, ""), Bash("-n", Deploy(script)) is var run ? (run.Exit, run.Error) : default);

    [SkippableTheory]
    [InlineData("kubernetes/job.yaml")]
    [InlineData("kubernetes/merge.yaml")]
    public void Manifests_are_yaml_of_a_job(string file)
    {
        const string code = "import sys, yaml; job = yaml.safe_load(open(sys.argv[1])); spec = job['spec']; print(job['apiVersion'], job['kind'], spec.get('completionMode'), spec.get('completions'), [r['action'] for r in spec['podFailurePolicy']['rules']])";
        var run = Run("/usr/bin/python3", ["-c", code, Deploy(file)]);
        Skip.If(run.Exit != 0 && run.Error.Contains("No module named 'yaml'", StringComparison.Ordinal), "Python has no yaml here.");
        Assert.True(run.Exit == 0, run.Error);
        Assert.Equal(file.EndsWith("job.yaml", StringComparison.Ordinal) ? "batch/v1 Job Indexed 16 ['FailJob', 'FailIndex', 'Ignore']" : "batch/v1 Job None None ['FailJob']", run.Out.Trim());
    }

    [Theory]
    [InlineData("kubernetes/job.yaml", "--shard 3/16")]
    [InlineData("kubernetes/merge.yaml", "merge /data/parts")]
    public void Commands_of_manifests_are_understood(string file, string part)
    {
        var command = Space().Replace(Command().Match(File.ReadAllText(Deploy(file))).Groups[1].Value, " ").Replace("$((JOB_COMPLETION_INDEX + 1))", "3", StringComparison.Ordinal).Trim();
        Assert.Contains(part, command.Replace("\"", "", StringComparison.Ordinal));
        Understood(command);
    }

    [Fact]
    public void Commands_of_the_readme_are_understood()
    {
        var commands = File.ReadLines(Deploy("README.md")).Where(l => l.StartsWith("onnxviz ", StringComparison.Ordinal)).ToList();
        Assert.InRange(commands.Count, 2, 20);
        foreach (var command in commands) Understood(command["onnxviz ".Length..]);
    }

    [SkippableFact]
    public void Lost_parts_are_submitted_again_and_all_are_joined()
    {
        var model = SmallClassifier.Save(_folder["net.onnx"], dims: [-1, 3, 24, 24]);
        string[] command = ["maximize", "-m", model, "--layer", "second", "--unit", "0-5", "--batch", "2", "--steps", "2", "--device", "cpu"];
        Assert.Equal(0, CliRun.Of([.. command, "-o", _folder["one.png"]]).Exit);
        Script("onnxviz", $"exec \"{Dotnet}\" \"{Path.Combine(AppContext.BaseDirectory, "onnxviz.dll")}\" \"$@\"");
        // Runs the tasks one after the other; the second is lost the first time.
        Script("sbatch", $$"""
            list=; for arg in "$@"; do case $arg in --array=*) list=$(echo "$arg" | sed 's/--array=//; s/,/ /g') ;; esac; done
            shift 2
            echo "$list" >> "{{_folder["submitted"]}}"
            for range in $list; do for i in $(seq ${range%-*} ${range#*-}); do
                if [ $i = 2 ] && [ ! -e "{{_folder["lost"]}}" ]; then touch "{{_folder["lost"]}}"; continue; fi
                SLURM_ARRAY_TASK_ID=$i ONNXVIZ_RETRIES=0 bash "$@" > "{{_folder["log"]}}" 2>&1
            done; done
            """);
        var run = Bash([Deploy("slurm/onnxviz-run.sh"), _folder["parts"], "3", _folder["merged.png"], .. command]);
        Assert.True(run.Exit == 0, run.Error + run.Out);
        Assert.Equal(["1-3", "2"], File.ReadAllLines(_folder["submitted"]));
        Assert.Equal(File.ReadAllBytes(_folder["one.png"]), File.ReadAllBytes(_folder["merged.png"]));

        // What would fail again is not tried again.
        Script("sbatch", "echo tried >> \"" + _folder["tried"] + "\"; exit 2");
        Assert.Equal(2, Bash([Deploy("slurm/onnxviz-run.sh"), _folder["none"], "3", _folder["x.png"], .. command]).Exit);
        Assert.Single(File.ReadAllLines(_folder["tried"]));
    }

    [SkippableFact]
    public void A_task_that_was_killed_is_requeued_and_one_that_is_wrong_is_not()
    {
        Script("scontrol", $"echo \"$@\" >> \"{_folder["requeued"]}\"; kill $PPID");
        Script("onnxviz", "exit $1");
        foreach (var (exit, restarts, isRequeued) in new[] { (137, 0, true), (1, 2, true), (1, 3, false), (2, 0, false), (3, 0, false), (0, 0, false) })
        {
            File.Delete(_folder["requeued"]);
            var run = Bash("-c", $"SLURM_RESTART_COUNT={restarts} SLURM_ARRAY_JOB_ID=7 SLURM_ARRAY_TASK_ID=3 bash '{Deploy("slurm/onnxviz-array.sbatch")}' '{_folder["parts"]}' 16 {exit}");
            Assert.Equal(isRequeued, File.Exists(_folder["requeued"]));
            if (isRequeued) Assert.Equal("requeue 7_3", File.ReadAllText(_folder["requeued"]).Trim());
            else Assert.Equal(exit, run.Exit);
        }
    }

    public void Dispose() => _folder.Dispose();

    private static string Dotnet => Environment.GetEnvironmentVariable("DOTNET_HOST_PATH") ?? "dotnet";

    private static void Understood(string command)
    {
        using var error = new StringWriter();
        Assert.True(Arguments.Parse(CommandLines.Words(command), VerbList.All, new(error, error, default), out var verb) is null && verb is not null, $"{command}: {error}");
    }

    private void Script(string name, string text)
    {
        // By another process: what this one has open for writing a child that is just being started has open, too, and nobody may run it.
        Assert.Equal(0, Bash("-c", "mkdir -p \"$1\" && printf '#!/bin/sh\\n%s\\n' \"$3\" > \"$1/$2\" && chmod 700 \"$1/$2\"", "bash", _folder["bin"], name, text).Exit);
    }

    private (int Exit, string Out, string Error) Bash(params IEnumerable<string> args)
    {
        Skip.If(OperatingSystem.IsWindows(), "Windows has no bash.");
        return Run("/bin/bash", args);
    }

    private (int Exit, string Out, string Error) Run(string program, IEnumerable<string> args)
    {
        Skip.IfNot(File.Exists(program), $"There is no {program} here.");
        var start = new ProcessStartInfo(program, args) { RedirectStandardOutput = true, RedirectStandardError = true };
        start.Environment["PATH"] = $"{_folder["bin"]}:{Environment.GetEnvironmentVariable("PATH")}";
        start.Environment["ONNXVIZ_MODELS"] = Repository.Carried("");
        using var process = Process.Start(start)!;
        var error = process.StandardError.ReadToEndAsync();
        var text = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return (process.ExitCode, text, error.Result);
    }

    [GeneratedRegex(@"exec onnxviz (.*?)\n\s+resources:", RegexOptions.Singleline)]
    private static partial Regex Command();

    [GeneratedRegex(@"\s+")]
    private static partial Regex Space();
}

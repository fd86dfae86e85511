using System.Diagnostics;
using OnnxViz.Tests.Support;
using Xunit;

namespace OnnxViz.Tests.Install;

/// <summary>Workflows are YAML that says what to do, with what rights, for how long.</summary>
public sealed class WorkflowsTests
{
    [SkippableTheory]
    [InlineData("ci.yml", "ci: format package test")]
    [InlineData("release.yml", "release: build publish try")]
    public void Jobs_have_a_machine_and_steps_and_others_actions_a_version(string file, string jobs)
    {
        const string code = """
            import sys, yaml
            flow = yaml.safe_load(open(sys.argv[1]))
            assert flow['permissions'] == {'contents': 'read'}, 'what is not asked for is not allowed'
            for job in flow['jobs'].values():
                assert job['runs-on'] and job['steps'], job
                for step in job['steps']:
                    assert ('uses' in step) != ('run' in step), step
                    assert 'uses' not in step or '@v' in step['uses'], step
            print(flow['name'] + ':', *sorted(flow['jobs']))
            """;
        var start = new ProcessStartInfo("/usr/bin/python3", ["-c", code, Path.Combine(Repository.Root, ".github/workflows", file)]) { RedirectStandardOutput = true, RedirectStandardError = true };
        Skip.IfNot(File.Exists(start.FileName), "There is no Python here.");
        using var python = Process.Start(start)!;
        var (said, error) = (python.StandardOutput.ReadToEnd(), python.StandardError.ReadToEnd());
        python.WaitForExit();
        Skip.If(error.Contains("No module named 'yaml'", StringComparison.Ordinal), "Python has no yaml here.");
        Assert.Equal(("", jobs), (error, said.Trim()));
    }
}

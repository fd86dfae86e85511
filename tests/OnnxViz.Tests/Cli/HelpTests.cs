using OnnxViz.Cli.Shell;
using OnnxViz.Graphs.Emit;
using OnnxViz.Tests.Support;
using OnnxViz.Tests.Support.Snapshots;
using Xunit;

namespace OnnxViz.Tests.Cli;

/// <summary>What --help says, one accepted text for each verb.</summary>
public class HelpTests
{
    [Fact]
    public void Overview() => Snapshot.Verify(CliRun.Of("--help").Out);

    [Theory]
    [InlineData("activations")]
    [InlineData("check-grad")]
    [InlineData("compare")]
    [InlineData("coverage")]
    [InlineData("deconv")]
    [InlineData("demo")]
    [InlineData("doctor")]
    [InlineData("invert")]
    [InlineData("kernels")]
    [InlineData("maximize")]
    [InlineData("models")]
    [InlineData("predict")]
    [InlineData("prepare")]
    [InlineData("saliency")]
    [InlineData("segment")]
    [InlineData("summary")]
    [InlineData("top")]
    public void Of_verb(string verb) => Snapshot.Verify(CliRun.Of(verb, "--help").Out, variant: verb);

    [Fact]
    public void Every_verb_has_its_text()
    {
        var verbs = Arguments.Verbs.Select(verb => Manual.NameOf((VerbOptions)Activator.CreateInstance(verb)!));
        var rows = typeof(HelpTests).GetMethod(nameof(Of_verb))!.GetCustomAttributesData()
            .Where(a => a.AttributeType == typeof(InlineDataAttribute))
            .SelectMany(a => (IEnumerable<System.Reflection.CustomAttributeTypedArgument>)a.ConstructorArguments[0].Value!)
            .Select(v => (string)v.Value!);
        Assert.Equal(verbs.Order(), rows.Order());
    }
}

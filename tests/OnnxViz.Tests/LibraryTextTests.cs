using System.Reflection;
using System.Text.RegularExpressions;
using OnnxViz.Cli.Shell;
using OnnxViz.Options;
using OnnxViz.Tests.Support;
using Xunit;

namespace OnnxViz.Tests;

/// <summary>The library does not know that there is a command line.</summary>
public partial class LibraryTextTests
{
    private static readonly Assembly Library = typeof(OnnxVizException).Assembly;

    [Fact]
    public void No_text_of_the_library_names_a_flag_or_the_program()
    {
        var texts = Library.GetTypes().SelectMany(t => TypeUses.Strings(t).Concat(OfAttributes(t)).Select(text => $"{t.FullName}: {text}")).ToArray();
        Assert.True(texts.Length > 2000, $"Only {texts.Length} texts were found.");
        Assert.DoesNotContain(texts, text => OfTheCommandLine().IsMatch(text));
    }

    [Theory]
    [InlineData("X: --lr", true)]
    [InlineData("X: use a smaller --size.", true)]
    [InlineData("X: (--size)", true)]
    [InlineData("X: -o ", true)]
    [InlineData("X: `onnxviz summary` lists", true)]
    [InlineData("X: onnxviz prepare", true)]
    [InlineData("X: a - b, 1-3, -1, onnxviz", false)]
    public void What_is_looked_for_is_found(string text, bool isFound) => Assert.Equal(isFound, OfTheCommandLine().IsMatch(text));

    [Fact]
    public void The_program_names_its_option_and_says_what_else_helps()
    {
        var verb = new SomeVerb { Model = "a.onnx" };
        Assert.Equal("--size 3: too small.", Advice.Of(OnnxVizException.BadArgument("Size", "3: too small."), verb));
        Assert.Equal("Too large; use a smaller one (--size).", Advice.Of(OnnxVizException.Input("Too large; use a smaller one.", argument: "Size"), verb));
        Assert.Equal(
            "No layer 'x' (--layers). `onnxviz summary a.onnx` lists the layers.", Advice.Of(OnnxVizException.Input("No layer 'x'.", argument: "Layer"), verb));
        Assert.Equal("Unknown. `onnxviz summary MODEL` lists the layers.", Advice.Of(OnnxVizException.Input("Unknown.", argument: "Layer"), new OtherVerb()));
        Assert.Equal("Broken.", Advice.Of(OnnxVizException.Input("Broken."), verb));
    }

    private static IEnumerable<string> OfAttributes(Type type) =>
        type.GetProperties().Select(p => p.GetCustomAttribute<OptionAttribute>()).OfType<OptionAttribute>().Select(o => o.Help);

    [GeneratedRegex(@"(?<![\w-])--[a-z]|(?<=\s)-[a-z]\b|`onnxviz|\bonnxviz [a-z]")]
    private static partial Regex OfTheCommandLine();

    private sealed class SomeVerb : VerbOptions
    {
        public override string? ModelName => Model;

        [CommandLine.Option("model")]
        public string? Model { get; set; }

        [CommandLine.Option("size")]
        public string? Size { get; set; }

        [CommandLine.Option("layers")]
        public string? Layers { get; set; }

        public override int Run(Output output) => 0;
    }

    private sealed class OtherVerb : VerbOptions
    {
        public override int Run(Output output) => 0;
    }
}

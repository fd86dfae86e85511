using CommandLine;
using OnnxViz.Cli.Shell;
using OnnxViz.Graphs.Emit;
using OnnxViz.Options;
using Xunit;
using OptionAttribute = OnnxViz.Options.OptionAttribute;

namespace OnnxViz.Tests.Cli;

public class BindingTests
{
    [Fact]
    public void What_is_typed_reaches_the_record()
    {
        var verb = Parsed("--blur", "2.5", "--sharp", "--word", "one-two", "--json");
        Assert.True(verb.Json);
        Assert.Equal(new Settings { Blur = 2.5, Sharp = true, Word = Word.OneTwo }, verb.Onto(new Settings()));
        Assert.Equal([("blur", "2.5"), ("word", "one-two"), ("sharp", "true")], verb.Given());
    }

    [Fact]
    public void What_is_not_typed_stays_as_it_is()
    {
        Assert.Equal(new Settings { Blur = 7, Word = Word.OneTwo }, Parsed().Onto(new Settings { Blur = 7, Word = Word.OneTwo }));
    }

    [Fact]
    public void The_parser_sees_help_default_and_words()
    {
        var options = Manual.Options(Binding.TypeOf(typeof(SomeVerb))).ToDictionary(o => o.Option.LongName, o => o.Option);
        Assert.Equal("How much to blur (3).", options["blur"].HelpText);
        Assert.Equal("one|one-two", options["word"].MetaValue);
        Assert.Equal("Sharpen.", options["sharp"].HelpText);
        Assert.Contains("json", options.Keys);
    }

    [Fact]
    public void Options_of_inherited_records_come_behind_the_own_ones()
    {
        Assert.Equal(["blur", "word", "sharp", "json", "quiet", "verbose", "profile", "isolate"], Binding.Order(typeof(SomeVerb)));
        Assert.Equal(["loud", "deep", "blur", "word", "sharp", "json", "quiet", "verbose", "profile", "isolate"], Binding.Order(Binding.TypeOf(typeof(OtherVerb))));
    }

    [Fact]
    public void A_verb_can_be_made_as_if_it_had_been_typed()
    {
        var verb = new OtherVerb { Loud = true }.With(("blur", "2.5"), ("sharp", "true"));
        Assert.True(verb.Loud);
        Assert.Equal(new Settings { Blur = 2.5, Sharp = true }, verb.Onto(new Settings()));
        Assert.Equal("onnxviz other --blur 2.5 --loud --sharp", Manual.CommandOf(verb));
        Assert.Throws<KeyNotFoundException>(() => new OtherVerb().With(("loud", "true")));
    }

    [Fact]
    public void Help_says_whose_an_option_is()
    {
        var bound = Binding.Of(new Settings()).First();
        Assert.Equal("How much to blur (3).", bound.Help);
        Assert.Equal("cam, rise: how much to blur (3).", (bound with { Owner = "cam, rise" }).Help);
    }

    [Fact]
    public void A_refusal_names_the_option_and_not_the_property()
    {
        var refused = Assert.Throws<OnnxVizException>(() => Parsed("--blur", "-1").Onto(new Settings()));
        Assert.Equal("Blur -1: a number from 0 on, in pixels, is needed.", refused.Message);
        Assert.Equal((2, "onnxviz: --blur -1: a number from 0 on, in pixels, is needed."), Failure.Describe(refused, (VerbOptions)Activator.CreateInstance(Binding.TypeOf(typeof(SomeVerb)))!));
        Assert.Equal((2, "onnxviz: --blur -1: a number from 0 on, in pixels, is needed."), Failure.Describe(refused, Parsed()));
    }

    [Fact]
    public void A_verb_made_in_code_is_as_if_it_had_been_typed()
    {
        var verb = new SomeVerb { Json = true }.With(("blur", "2"), ("sharp", "true"));
        Assert.True(verb.Json);
        Assert.Equal(new Settings { Blur = 2, Sharp = true }, verb.Onto(new Settings()));
        Assert.Equal("onnxviz some --blur 2 --json --sharp", Manual.CommandOf(verb));
        Assert.Equal("onnxviz some --blur 3 --json --sharp", Manual.CommandOf(verb.With(("blur", "3"))));
        Assert.Equal([("blur", "2"), ("sharp", "true")], verb.Given<Settings>());
    }

    private static VerbOptions Parsed(params string[] args)
    {
        using var parser = new Parser(settings => settings.HelpWriter = null);
        var result = parser.ParseArguments(["some", .. args], Binding.TypeOf(typeof(SomeVerb)));
        Assert.True(result.Tag == ParserResultType.Parsed, string.Join(' ', result.Errors));
        return (VerbOptions)result.Value;
    }

    private enum Word
    {
        One,
        OneTwo,
    }

    private sealed record Settings
    {
        [Option("blur", "How much to blur.", Min = 0, Unit = "pixels")]
        public double Blur { get; init; } = 3;

        [Option("word", "Which word.")]
        public Word Word { get; init; }

        [Option("sharp", "Sharpen.")]
        public bool Sharp { get; init; }
    }

    internal abstract class WithSettings : VerbOptions
    {
        public static IEnumerable<BoundOption> Bound => Binding.Of(new Settings());
    }

    private sealed record Depth
    {
        [Option("deep", "How deep.")]
        public int? Deep { get; init; }
    }

    [Verb("other")]
    internal class OtherVerb : WithSettings
    {
        [CommandLine.Option("loud")]
        public bool Loud { get; set; }

        public static IEnumerable<BoundOption> BoundDepth => Binding.Of(new Depth());

        public override int Run(Output output) => 0;
    }

    [Verb("some")]
    internal class SomeVerb : WithSettings
    {
        public override int Run(Output output) => 0;
    }
}

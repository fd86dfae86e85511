using OnnxViz.Graphs.Emit;
using OnnxViz.Options;
using Xunit;

namespace OnnxViz.Tests.Options;

public class OptionTableTests
{
    private enum Rule
    {
        GaussLegendre,

        [Word("nadam")]
        NAdam,
    }

    [Fact]
    public void Options_are_found_with_those_of_groups_and_base_records_first()
    {
        Assert.Equal(["seed", "lr", "steps", "rule", "flag", "at", "tv"], OptionTable.Of(typeof(Some)).Select(o => o.Name));
    }

    [Fact]
    public void Texts_become_values_and_the_given_record_stays()
    {
        var before = new Some();
        var after = OptionTable.With(before, [("lr", "0.25"), ("rule", "NADAM"), ("flag", "true"), ("at", "1,2"), ("tv", "2e-3"), ("seed", "18446744073709551615")]);
        Assert.Equal(new Some { Seed = ulong.MaxValue, LearningRate = 0.25, Rule = Rule.NAdam, Flag = true, Place = new(1, 2), Weights = new Inner { TotalVariation = 2e-3f } }, after);
        Assert.Equal(new Some(), before);
    }

    [Theory]
    [InlineData("lr", "0", "LearningRate 0: a number above 0 is needed; 0.1 is usual.", "LearningRate")]
    [InlineData("lr", "NaN", "LearningRate NaN: a number above 0 is needed; 0.1 is usual.", "LearningRate")]
    [InlineData("lr", "fast", "LearningRate fast: a number is needed; 0.1 is usual.", "LearningRate")]
    [InlineData("steps", "0", "Steps 0: a whole number from 1 to 50 is needed.", "Steps")]
    [InlineData("steps", "1.5", "Steps 1.5: a whole number up to 2147483647 is needed.", "Steps")]
    [InlineData("tv", "-1", "TotalVariation -1: a number from 0 on is needed.", "TotalVariation")]
    [InlineData("at", "9x9", "Place 9x9: a place A,B is needed.", "Place")]
    [InlineData("rule", "nadm", "Rule 'nadm' is unknown; nearest: nadam. There are gauss-legendre, nadam.", "Rule")]
    public void What_an_option_cannot_take_is_refused_by_its_propertys_name(string option, string text, string says, string argument)
    {
        var refused = Assert.Throws<OnnxVizException>(() => OptionTable.With(new Some(), [(option, text)]));
        Assert.Equal(says, refused.Message);
        Assert.Equal(argument, refused.Argument);
        Assert.Equal(Fault.Argument, refused.Fault);
    }

    [Fact]
    public void Values_that_code_set_are_checked_as_well()
    {
        OptionTable.Check(new Some());
        Assert.Throws<OnnxVizException>(() => OptionTable.Check(new Some { Weights = new Inner { TotalVariation = float.NaN } }));
    }

    [Fact]
    public void A_record_written_as_JSON_can_be_read_back()
    {
        var record = new Some { LearningRate = 0.1, Rule = Rule.NAdam, Flag = true, Place = new(3, 4) };
        var json = OptionTable.ToJson(record);
        Assert.Equal("""{"seed":0,"lr":0.1,"steps":8,"rule":"nadam","flag":true,"at":"3,4","tv":0}""", json.ToJsonString());
        Assert.Equal(record, OptionTable.With(new Some(), json.Select(o => (o.Key, o.Value!.ToString()))));
    }

    [Fact]
    public void A_record_written_as_texts_can_be_read_back()
    {
        var record = new Some { LearningRate = 0.125, Rule = Rule.NAdam, Flag = true, Weights = new Inner { TotalVariation = 1.5e-3f } };
        Assert.Equal(record, OptionTable.With(new Some(), OptionTable.ToTexts(record)));
        Assert.DoesNotContain(OptionTable.ToTexts(new Some { Steps = null }), t => t.Name is "steps" or "flag");
    }

    [Fact]
    public void Only_what_is_left_open_is_filled()
    {
        var defaults = new Some { Steps = 20, LearningRate = 9 };
        Assert.Equal(new Some { Steps = 20 }, OptionTable.Filled(new Some { Steps = null }, defaults));
        Assert.Equal(new Some { Steps = 3 }, OptionTable.Filled(new Some { Steps = 3 }, defaults));
    }

    [Fact]
    public void Files_are_listed_and_told_without_their_folders()
    {
        var record = new Reader { Source = Source.Parse("some/folder/x.npy") };
        Assert.Equal(["some/folder/x.npy"], OptionTable.Files(record));
        Assert.Equal("""{"source":"x.npy"}""", OptionTable.ToJson(record).ToJsonString());
        Assert.Equal([("source", "some/folder/x.npy")], OptionTable.ToTexts(record));
        Assert.Empty(OptionTable.Files(new Reader()));
    }

    private sealed record Reader
    {
        [Option("source", "Where from.")]
        public Source Source { get; init; } = new([]);
    }

    private sealed record Source(IReadOnlyList<string> Files) : IFromFiles
    {
        public static Source Parse(string text) => new([text]);

        public override string ToString() => Files is [var file] ? file : "nowhere";
    }

    private record Base
    {
        [Option("seed", "Where randomness starts.")]
        public ulong Seed { get; init; }
    }

    private sealed record Some : Base
    {
        [Option("lr", "Learning rate.", Above = 0, Usual = "0.1 is usual")]
        public double LearningRate { get; init; } = 0.5;

        [Option("steps", "Steps.", Min = 1, Max = 50)]
        public int? Steps { get; init; } = 8;

        [Option("rule", "Which rule.")]
        public Rule Rule { get; init; }

        [Option("flag", "On or off.")]
        public bool Flag { get; init; }

        [PlaceOption]
        public Place? Place { get; init; }

        [OptionGroup]
        public Inner Weights { get; init; } = new();
    }

    /// <summary>An option that several records share.</summary>
    private sealed class PlaceOptionAttribute() : OptionAttribute("at", "Where.");

    private readonly record struct Place(int A, int B)
    {
        public static Place Parse(string text) => text.Split(',') is [var a, var b] ? new(int.Parse(a), int.Parse(b)) : throw new FormatException("a place A,B");

        public override string ToString() => $"{A},{B}";
    }

    private sealed record Inner
    {
        [Option("tv", "Weight of the total variation.", Min = 0)]
        public float TotalVariation { get; init; }
    }
}

using OnnxViz.Evolve;
using OnnxViz.Runs;
using Xunit;

namespace OnnxViz.Tests.Evolve;

public class CheckpointChoiceTests
{
    private static readonly int[] SaveSteps = [1, 2, 5, 10, 20, 50, 100, 200, 500];

    [Theory]
    [InlineData(64, "0 s10 s100 1 2 5 10 20 50 64")]
    [InlineData(40, "0 s10 s100 1 2 5 10 20 40")]
    [InlineData(2, "0 s2 s10 s50 s100 s200 1 2")]
    [InlineData(200, "0 s10 s100 1 2 5 20 50 100 200")]
    public void A_long_run_is_shown_closer_at_its_beginning(int epochs, string expected)
    {
        var chosen = CheckpointChoice.Some(Models(epochs)).Select(m => m.Name).ToList();
        Assert.InRange(chosen.Count, 8, 10);
        Assert.Equal(expected.Split(' '), chosen);
    }

    [Fact]
    public void All_of_a_short_run_are_shown()
    {
        RunModel[] models = [Epoch(0), Epoch(1), Epoch(2), Epoch(3)];
        Assert.Equal(models, CheckpointChoice.Some(models));
    }

    [Fact]
    public void Those_that_are_named_are_shown_in_the_order_of_their_steps()
    {
        using var run = new TinyRun("epoch-0000", "step-000010", "epoch-0001", "epoch-0002", "epoch-0003");
        Assert.Equal(["0", "s10", "3"], CheckpointChoice.Of(run.Run, "last, s10,@0,3").Select(m => m.Name));
        Assert.Equal(5, CheckpointChoice.Of(run.Run, "ALL").Count);
        var error = Assert.Throws<OnnxVizException>(() => CheckpointChoice.Of(run.Run, "0,7"));
        Assert.Contains("@7", error.Message);
        Assert.Contains("@s10", error.Message);
        Assert.Throws<OnnxVizException>(() => CheckpointChoice.Of(run.Run, ","));
    }

    private static List<RunModel> Models(int epochs) =>
        [Epoch(0), .. SaveSteps.Select(s => new RunModel($"s{s}", "", s, null)), .. Enumerable.Range(1, epochs).Select(Epoch)];

    private static RunModel Epoch(int epoch) => new($"{epoch}", $"{epoch}", 937L * epoch, epoch);
}

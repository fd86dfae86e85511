using OnnxViz.Training.Loop;
using Xunit;

namespace OnnxViz.Tests.Training.Loop;

/// <summary>Against the numbers of PyTorch 1.13's schedulers, asked before every step; the rate is 0.1.</summary>
public class LearningRateScheduleTests
{
    [Fact]
    public void Step_is_StepLR() => Same(
        new(ScheduleKind.Step, 0.1, 0, 9, DropEvery: 3, Gamma: 0.5),
        0.1, 0.1, 0.1, 0.05, 0.05, 0.05, 0.025, 0.025, 0.025);

    [Fact]
    public void Cosine_is_CosineAnnealingLR() => Same(
        new(ScheduleKind.Cosine, 0.1, 0, 8, 1, 1),
        0.1, 0.096193976625564337, 0.085355339059327379, 0.069134171618254497, 0.05, 0.030865828381745515, 0.014644660940672627, 0.0038060233744356634);

    [Fact]
    public void A_warm_up_is_LinearLR_and_the_schedule_begins_behind_it_as_SequentialLR_has_it()
    {
        Same(
            new(ScheduleKind.Cosine, 0.1, 4, 10, 1, 1),
            0.025, 0.05, 0.075, 0.1, 0.1, 0.093301270189221949, 0.075, 0.05, 0.025, 0.006698729810778065);
        Same(
            new(ScheduleKind.Step, 0.1, 2, 9, DropEvery: 3, Gamma: 0.1),
            0.05, 0.1, 0.1, 0.1, 0.1, 0.01, 0.01, 0.01, 0.001);
        Same(new(ScheduleKind.Constant, 0.1, 2, 4, 1, 1), 0.05, 0.1, 0.1, 0.1);
    }

    [Fact]
    public void Options_are_in_epochs()
    {
        var options = new TrainingOptions { Epochs = 6, Warmup = WarmupLength.Parse("0.5e"), Schedule = ScheduleKind.Step };
        Assert.Equal(new LearningRateSchedule(ScheduleKind.Step, 1e-3, 5, 60, 20, 0.1), options.RateOver(10));
        Assert.Equal(new LearningRateSchedule(ScheduleKind.Step, 1e-3, 7, 60, 30, 0.1), (options with { Warmup = WarmupLength.Parse("7"), StepSize = 3 }).RateOver(10));
    }

    [Theory]
    [InlineData("1.5")]
    [InlineData("-1")]
    [InlineData("e")]
    [InlineData("soon")]
    public void A_warm_up_that_is_none_is_refused(string text) => Assert.Throws<FormatException>(() => WarmupLength.Parse(text));

    private static void Same(LearningRateSchedule schedule, params double[] expected) =>
        Assert.All(Enumerable.Range(0, expected.Length), step => Assert.Equal(expected[step], schedule.At(step), 1e-15));
}

using OnnxViz.Cli.Shell;
using Xunit;

namespace OnnxViz.Tests.Cli;

/// <summary>How much is done and how long the rest takes, by durations that are made up.</summary>
public class WorkPlanTests
{
    private readonly FakeClock _clock = new();

    [Fact]
    public void Work_of_one_kind_goes_evenly()
    {
        var plan = new WorkPlan(_clock);
        plan.Add("picture", 10);
        for (var i = 1; i <= 10; i++)
        {
            _clock.Pass(i == 1 ? 30 : 2);
            plan.Report("picture", i);
            Assert.Equal(i / 10.0, plan.Share, 12);
        }
    }

    [Fact]
    public void What_it_takes_to_get_started_is_no_part_of_the_rate()
    {
        var plan = new WorkPlan(_clock);
        plan.Add("picture", 100);
        _clock.Pass(30);
        plan.Report("picture", 1);
        Assert.Null(plan.Total);
        _clock.Pass(2);
        plan.Report("picture", 2);
        // 32 seconds are over, 98 pictures are left.
        Assert.Equal(32 + (98 * 2), plan.Total!.Value.TotalSeconds, 6);
    }

    [Fact]
    public void Kinds_count_by_what_they_were_measured_to_cost()
    {
        var plan = new WorkPlan(_clock);
        plan.Add("gradient", 10);
        plan.Add("occlusion", 10);
        for (var i = 1; i <= 5; i++)
        {
            Spend(plan, "gradient", i, 1);
            Spend(plan, "occlusion", i, 99);
        }

        Assert.Equal(0.5, plan.Share, 2);
        Assert.True(plan.IsSure);
        // Ten gradients of five that are left are a hundredth of the rest.
        for (var i = 6; i <= 10; i++) Spend(plan, "gradient", i, 1);
        Assert.InRange(plan.Share, 0.50, 0.52);
        for (var i = 6; i <= 10; i++) Spend(plan, "occlusion", i, 99);
        Assert.Equal(1, plan.Share);
    }

    [Fact]
    public void Until_it_is_measured_a_kind_costs_by_its_weight()
    {
        var plan = new WorkPlan(_clock);
        plan.Add("small", 10, 1);
        plan.Add("large", 10, 4);
        for (var i = 1; i <= 10; i++) Spend(plan, "small", i, 3);
        Assert.False(plan.IsSure);
        Assert.Equal(30 + (10 * 12), plan.Total!.Value.TotalSeconds, 6);
        Assert.Equal(0.2, plan.Share, 12);
    }

    [Fact]
    public void The_last_bit_of_a_piece_says_nothing_of_its_rate()
    {
        var plan = new WorkPlan(_clock);
        foreach (var kind in "abcde") plan.Add($"{kind}", 1, 2);
        _clock.Pass(10);
        plan.Report("a", 0.999);
        _clock.Pass(1);
        plan.Report("a", 1);
        Assert.Equal(55, plan.Total!.Value.TotalSeconds, 6);
        _clock.Pass(4);
        plan.Report("b", 0.999);
        Assert.Equal(15 + 0.004 + (3 * 7.5), plan.Total!.Value.TotalSeconds, 0.05);
    }

    /// <summary>Whatever is reported in whatever order: kinds that turn out slow, counts that fall back as in a restart, more than there is.</summary>
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    public void The_share_never_falls_and_never_exceeds_one(int seed)
    {
        var random = new Random(seed);
        var plan = new WorkPlan(_clock);
        string[] kinds = ["a", "b", "c"];
        foreach (var kind in kinds) plan.Add(kind, 5 + random.Next(20), random.NextDouble() * 10);
        var before = 0.0;
        for (var i = 0; i < 500; i++)
        {
            _clock.Pass(random.NextDouble() * random.Next(1, 100));
            plan.Report(kinds[random.Next(3)], (random.NextDouble() * i / 15) - 1);
            Assert.InRange(plan.Share, before, 1);
            before = plan.Share;
        }

        foreach (var kind in kinds) plan.Report(kind, 100);
        Assert.Equal(1, plan.Share);
    }

    [Theory]
    [InlineData(100, 5.0, "Explaining 100 pictures takes about 8 minutes.")]
    [InlineData(12, 6.0, "Explaining 100 pictures takes about 70 seconds.")]
    [InlineData(9000, 5.0, "Explaining 100 pictures takes about 13 hours.")]
    [InlineData(10, 5.0, null)]
    public void Before_long_work_one_line_says_what_it_takes(int count, double seconds, string? expected)
    {
        var lines = new List<string>();
        var progress = new WorkProgress("Explaining 100 pictures", (_, _) => { }, lines.Add, _clock);
        progress.Add("", count);
        for (var i = 1; i <= count; i++)
        {
            _clock.Pass(seconds);
            progress.Report("", i);
            if (i == 2) Assert.Equal(expected is null ? 0 : 1, lines.Count);
        }

        Assert.Equal(expected is null ? [] : [expected], lines);
    }

    private void Spend(WorkPlan plan, string kind, double done, double seconds)
    {
        // The first half of a piece is told, too.
        _clock.Pass(seconds / 2);
        plan.Report(kind, done - 0.5);
        _clock.Pass(seconds / 2);
        plan.Report(kind, done);
    }

    private sealed class FakeClock : TimeProvider
    {
        private long _now;

        public override long TimestampFrequency => 1_000_000_000;

        public override long GetTimestamp() => _now;

        public void Pass(double seconds) => _now += (long)(seconds * TimestampFrequency);
    }
}

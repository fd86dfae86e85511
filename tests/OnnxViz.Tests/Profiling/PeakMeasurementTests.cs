using OnnxViz.Caching;
using OnnxViz.Runtime;
using OnnxViz.Runtime.Hardware;
using OnnxViz.Tests.Support;
using Xunit;

namespace OnnxViz.Tests.Profiling;

public sealed class PeakMeasurementTests
{
    private static readonly RuntimeOptions Options = new(Device.Cpu, Threads: 1);

    [Fact]
    public void A_machine_is_measured_once_and_again_where_it_turns_out_to_be_quicker_but_not_for_ever()
    {
        using var folder = new TemporaryFolder();
        var cache = new CacheFolder(folder["cache"]);
        Assert.Null(PeakMeasurement.Of(Options, measures: false, seen: 0, cache));
        var first = PeakMeasurement.Of(Options, measures: true, seen: 0, cache)!;
        Assert.Equal(("cpu", 1), (first.Device, first.Threads));
        Assert.InRange(first.GigaflopsPerSecond, 0.01, 1e5);
        Assert.InRange(first.GigabytesPerSecond, 0.01, 1e5);
        Assert.Equal(first, PeakMeasurement.Of(Options, measures: false, seen: 1e9, cache));
        Assert.Equal(first, PeakMeasurement.Of(Options, measures: true, seen: 0, cache));

        var file = Assert.Single(Directory.GetFiles(folder["cache"], "*", SearchOption.AllDirectories));
        var kept = File.ReadAllText(file);
        Assert.Contains("\"times\": 1", kept);
        var more = PeakMeasurement.Of(Options, measures: true, seen: 1e9, cache)!;
        Assert.InRange(more.GigaflopsPerSecond, first.GigaflopsPerSecond, 1e5);
        Assert.Contains("\"times\": 3", File.ReadAllText(file));
        File.WriteAllText(file, kept.Replace("\"times\": 1", "\"times\": 6", StringComparison.Ordinal));
        Assert.Equal(first, PeakMeasurement.Of(Options, measures: true, seen: 1e9, cache));

        File.WriteAllText(file, "{}");
        Assert.Null(PeakMeasurement.Of(Options, measures: false, seen: 0, cache));
    }

    [Theory]
    [InlineData("processor\t: 0\nvendor_id\t: AuthenticAMD\ncpu family\t: 25\nmodel\t\t: 17\nmodel name\t: AMD EPYC\nstepping\t: 1\ncpu MHz\t\t: 3245.1\n\nprocessor\t: 1\nvendor_id\t: Other\n", "AuthenticAMD 25 17 AMD EPYC 1")]
    [InlineData("processor\t: 0\nBogoMIPS\t: 50.00\nCPU implementer\t: 0x41\nCPU variant\t: 0x3\nCPU part\t: 0xd0c\n", "0x41 0x3 0xd0c")]
    [InlineData("nothing that is known", null)]
    public void A_processor_is_told_apart_from_others(string description, string? name)
    {
        using var folder = new TemporaryFolder();
        Assert.Equal(name, Processor.Of(folder.Write("cpuinfo", System.Text.Encoding.UTF8.GetBytes(description))));
        Assert.Null(Processor.Of(folder["nothing"]));
        Assert.NotEmpty(Processor.Name);
    }
}

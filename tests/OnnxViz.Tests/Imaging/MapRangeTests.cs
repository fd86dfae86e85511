using OnnxViz.Imaging;
using Xunit;

namespace OnnxViz.Tests.Imaging;

public class MapRangeTests
{
    private static readonly float[] _ramp = [.. Enumerable.Range(0, 101).Select(i => (float)i)];

    [Fact]
    public void MinMax_passes_over_what_is_no_number() =>
        Assert.Equal(new MapRange(-3, 5), MapRange.MinMax([1, float.NaN, -3, float.PositiveInfinity, 5]));

    // numpy.percentile([10, 20, 40], [25, 90]) = [15, 36]
    [Fact]
    public void Between_goes_straight_from_value_to_value() => Assert.Equal(new MapRange(15, 36), MapRange.Between([40, 10, 20], 25, 90));

    [Fact]
    public void Symmetric_has_zero_in_the_middle()
    {
        Assert.Equal(new MapRange(-99, 99), MapRange.Symmetric(_ramp));
        Assert.Equal(new MapRange(-7, 7), MapRange.Symmetric([-7, 2], 100));
    }

    [Fact]
    public void Positive_begins_at_zero() => Assert.Equal(new MapRange(0, 4), MapRange.Positive([-9, 0, 2, 8, 4], 75));

    [Fact]
    public void A_sparse_map_still_has_a_range()
    {
        float[] sparse = new float[1000];
        sparse[5] = -4;

        Assert.Equal(new MapRange(-4, 4), MapRange.Symmetric(sparse));
        Assert.Equal(new MapRange(-1, 1), MapRange.Symmetric(new float[9]));
        Assert.Equal(new MapRange(0, 1), MapRange.Positive([float.NaN]));
    }

    [Theory]
    [InlineData(-5, 0)]
    [InlineData(2, 0)]
    [InlineData(3, 0.25)]
    [InlineData(6, 1)]
    [InlineData(60, 1)]
    public void Normalize_clips(float value, float expected) => Assert.Equal(expected, new MapRange(2, 6).Normalize(value));

    [Fact]
    public void Normalize_survives_the_widest_range() =>
        Assert.Equal(0.5f, new MapRange(float.MinValue, float.MaxValue).Normalize(0));
}

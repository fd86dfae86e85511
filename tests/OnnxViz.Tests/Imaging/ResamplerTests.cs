using System.Runtime.InteropServices;
using OnnxViz.Imaging;
using OnnxViz.Imaging.Files;
using OnnxViz.Imaging.Resample;
using OnnxViz.Tests.Support;
using Xunit;

namespace OnnxViz.Tests.Imaging;

/// <summary>Against Pillow's results; tools/make_resize_fixtures.py made them.</summary>
public class ResamplerTests
{
    public static TheoryData<int, int, ResampleFilter> Sizes { get; } =
        Cases((20, 13), (70, 50), (101, 77), (77, 20), (30, 51), (13, 80), (1, 1));

    public static TheoryData<int, int, ResampleFilter> MapSizes { get; } = Cases((5, 4), (40, 30), (12, 20), (7, 25));

    [Theory]
    [MemberData(nameof(Sizes))]
    public void Is_Pillow_to_the_bit(int width, int height, ResampleFilter filter)
    {
        Image resized = Resampler.Resize(Read("source.png"), width, height, filter);

        Assert.Equal((width, height), (resized.Width, resized.Height));
        Assert.Equal(Read(FormattableString.Invariant($"{width}x{height}-{filter}.png").ToLowerInvariant()).Pixels, resized.Pixels);
    }

    [Theory]
    [MemberData(nameof(MapSizes))]
    public void Maps_are_Pillow_to_the_last_digits(int width, int height, ResampleFilter filter)
    {
        float[] resized = MapResampler.Resize(ReadMap("map.f32"), 12, 9, width, height, filter);

        float[] expected = ReadMap($"map-{width}x{height}-{filter}.f32".ToLowerInvariant());
        Assert.Equal(expected.Length, resized.Length);
        Assert.All(resized.Zip(expected), pair => Assert.Equal(pair.Second, pair.First, 2e-6f));
    }

    [Fact]
    public void Keeps_a_plain_color()
    {
        Image plain = new(31, 17);
        plain.Pixels.AsSpan().Fill(201);

        Assert.All(Resampler.Resize(plain, 7, 40, ResampleFilter.Bicubic).Pixels, value => Assert.Equal(201, value));
    }

    [Fact]
    public void Same_size_is_a_copy()
    {
        Image source = Read("source.png");

        Image same = Resampler.Resize(source, source.Width, source.Height, ResampleFilter.Bicubic);

        Assert.NotSame(source.Pixels, same.Pixels);
        Assert.Equal(source.Pixels, same.Pixels);
    }

    private static TheoryData<int, int, ResampleFilter> Cases(params (int, int)[] sizes)
    {
        TheoryData<int, int, ResampleFilter> data = [];
        foreach ((int width, int height) in sizes)
        {
            data.Add(width, height, ResampleFilter.Bilinear);
            data.Add(width, height, ResampleFilter.Bicubic);
        }

        return data;
    }

    private static Image Read(string name) => ImageFile.Decode(File.ReadAllBytes(Repository.Fixture($"imaging/resize/{name}")), name);

    private static float[] ReadMap(string name) =>
        MemoryMarshal.Cast<byte, float>(File.ReadAllBytes(Repository.Fixture($"imaging/resize/{name}"))).ToArray();
}

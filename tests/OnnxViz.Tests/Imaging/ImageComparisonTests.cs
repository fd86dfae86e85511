using OnnxViz.Graphs.Emit;
using OnnxViz.Imaging;
using OnnxViz.Imaging.Compare;
using OnnxViz.Imaging.Files;
using OnnxViz.Tests.Support;
using Xunit;

namespace OnnxViz.Tests.Imaging;

/// <summary>On a photograph and on feature visualisations; tools/make_compare_fixtures.py made them and printed the numbers.</summary>
public class ImageComparisonTests
{
    [Theory]
    [InlineData("cat", "cat-jpeg90")]
    [InlineData("unit", "unit-jpeg90")]
    [InlineData("cat", "cat-shifted")]
    [InlineData("unit", "unit-shifted")]
    [InlineData("unit", "neighbour")]
    public void Must_differ(string a, string b)
    {
        ImageDifference difference = ImageComparison.Compare(Read(a), Read(b));

        Assert.False(difference.IsWithin(ImageTolerance.Default), difference.Describe(ImageTolerance.Default));
        // Either measure sees it alone, with room to spare.
        Assert.InRange(difference.Ssim, -1, 0.98);
        Assert.InRange(difference.Worst.Rms, 5, 255);
    }

    [Theory]
    [InlineData("cat", 1, 1.0)]
    [InlineData("unit", 1, 1.0)]
    [InlineData("cat", 1, 0.1)]
    [InlineData("cat", 3, 0.3)]
    [InlineData("unit", 3, 0.3)]
    public void Another_rounding_is_the_same(string name, int levels, double share)
    {
        Image picture = Read(name);

        ImageDifference difference = ImageComparison.Compare(picture, WithNoise(picture, levels, share));

        Assert.NotEqual(0, difference.Max);
        Assert.True(difference.IsWithin(ImageTolerance.Default), difference.Describe(ImageTolerance.Default));
    }

    [Fact]
    public void A_small_spot_and_another_tint_differ()
    {
        Image picture = Read("cat"), spot = Read("cat"), tinted = Read("cat");
        spot.Pixels[spot.Offset(30, 40)] ^= 0x80;
        for (int i = 2; i < tinted.Pixels.Length; i += 3)
        {
            tinted.Pixels[i] = (byte)Math.Min(255, tinted.Pixels[i] + 8);
        }

        ImageDifference atSpot = ImageComparison.Compare(picture, spot);

        Assert.False(atSpot.IsWithin(ImageTolerance.Default));
        Assert.Equal((24, 40, 128), (atSpot.Worst.X, atSpot.Worst.Y, atSpot.Max));
        Assert.Equal(128 / Math.Sqrt(192), atSpot.Worst.Rms, 1e-9);
        Assert.False(ImageComparison.Compare(picture, tinted).IsWithin(ImageTolerance.Default));
    }

    [Theory]
    [InlineData("cat", "cat-jpeg90", 0.961826, 36.6363)]
    [InlineData("cat", "cat-shifted", 0.862953, 26.9645)]
    [InlineData("unit", "unit-jpeg90", 0.923728, 23.4947)]
    [InlineData("unit", "unit-shifted", 0.563560, 15.4298)]
    [InlineData("unit", "neighbour", 0.014843, 9.1219)]
    public void Numbers_are_those_of_scikit_image(string a, string b, double ssim, double psnr)
    {
        ImageDifference difference = ImageComparison.Compare(Read(a), Read(b));

        Assert.Equal(ssim, difference.Ssim, 1e-6);
        Assert.Equal(psnr, difference.Psnr, 1e-4);
    }

    [Theory]
    [InlineData(1, 1)]
    [InlineData(3, 40)]
    [InlineData(11, 11)]
    public void Equal_pictures_of_any_size(int width, int height)
    {
        Image picture = new(width, height);
        new Random(1).NextBytes(picture.Pixels);

        ImageDifference difference = ImageComparison.Compare(picture, new Image(width, height, [.. picture.Pixels]));

        Assert.Equal((double.PositiveInfinity, 0), (difference.Psnr, difference.Max));
        Assert.Equal(1, difference.Ssim, 1e-12);
        Assert.All(ImageComparison.Difference(picture, picture).Pixels, value => Assert.Equal(0, value));
    }

    [Fact]
    public void Difference_is_amplified() =>
        Assert.Equal([8, 16, 255], ImageComparison.Difference(new(1, 1, [10, 10, 10]), new(1, 1, [11, 8, 200])).Pixels);

    [Fact]
    public void Refuses_other_sizes() => Assert.Throws<ArgumentException>(() => ImageComparison.Compare(new(2, 3), new(3, 2)));

    private static Image WithNoise(Image picture, int levels, double share)
    {
        Random random = new(0);
        return new(picture.Width, picture.Height, [.. picture.Pixels.Select(value =>
            random.NextDouble() < share ? (byte)Math.Clamp(value + random.Next(-levels, levels + 1), 0, 255) : value)]);
    }

    private static Image Read(string name) => ImageFile.Decode(File.ReadAllBytes(Repository.Fixture($"imaging/compare/{name}.png")), name);
}

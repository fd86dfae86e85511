using BenchmarkDotNet.Attributes;
using OnnxViz.Imaging;
using OnnxViz.Imaging.Files;
using OnnxViz.Imaging.Resample;

namespace OnnxViz.Benchmarks;

/// <summary>Pictures in and out: reading a photograph, resizing it as Pillow does, writing it.</summary>
[MemoryDiagnoser]
public class PictureBenchmarks
{
    private Image _picture = null!;

    [GlobalSetup]
    public void Setup() => _picture = ImageFile.Load(Bench.Picture);

    [Benchmark]
    public Image Read() => ImageFile.Load(Bench.Picture);

    [Benchmark]
    public Image Resize() => Resampler.Resize(_picture, 224, 224, ResampleFilter.Bicubic);

    [Benchmark]
    public byte[] Write() => PngWriter.Encode(_picture);
}

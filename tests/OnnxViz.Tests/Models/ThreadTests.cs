using OnnxViz.Features;
using OnnxViz.Graphs;
using OnnxViz.Imaging.Files;
using OnnxViz.Maximize;
using OnnxViz.Models;
using OnnxViz.Objectives;
using OnnxViz.Runtime;
using OnnxViz.Saliency;
using OnnxViz.Saliency.Methods;
using OnnxViz.Tests.Support;
using OnnxViz.Tests.Support.Networks;
using Xunit;

namespace OnnxViz.Tests.Models;

/// <summary>One model that several threads use at once.</summary>
public sealed class ThreadTests : IDisposable
{
    private const int Threads = 8;

    private static readonly RuntimeOptions Runtime = new(Device.Cpu, 1);

    private readonly TemporaryFolder _folder = new();

    [Theory]
    [InlineData("small")]
    [InlineData("efficientnet-lite0")]
    public void Threads_find_what_one_alone_finds(string name)
    {
        var (file, layer) = name == "small" ? (SmallClassifier.Save(_folder["small.onnx"]), "sum") : (Repository.Carried($"{name}.onnx"), "");
        Func<VisionModel, float[]>[] work =
        [
            m => Classification.Scores(m, Picture(m), Runtime).ToFloats(),
            m => m.Explain(Picture(m), new GradCam(), ScoreTarget.OfClass(m, 3), Runtime).Attribution.ToFloats(),
            m => m.Explain(Picture(m), new GuidedBackprop(), ScoreTarget.OfClass(m, 3), Runtime).Attribution.ToFloats(),
            m => Maximized(m, layer.Length > 0 ? m.Layers.Find(layer) : m.Layers.Layers[40].Value),
        ];
        float[][] alone = Array.ConvertAll(work, w =>
        {
            using var own = Load(file);
            return w(own);
        });

        // Loaded for this alone: nothing is there yet, and all threads want it first.
        using var model = Load(file);
        using var start = new Barrier(Threads);
        var found = new float[Threads][];
        var errors = new Exception?[Threads];
        var threads = Enumerable.Range(0, Threads).Select(i => new Thread(() =>
        {
            try
            {
                start.SignalAndWait();
                found[i] = work[i % work.Length](model);
            }
#pragma warning disable CA1031 // An exception in a thread would end the tests' process.
            catch (Exception e)
#pragma warning restore CA1031
            {
                errors[i] = e;
            }
        })).ToList();
        threads.ForEach(t => t.Start());
        threads.ForEach(t => t.Join());

        Assert.All(errors, Assert.Null);
        for (var i = 0; i < Threads; i++) Assert.Equal(alone[i % work.Length], found[i]);
    }

    [Fact]
    public void A_tensor_may_be_read_by_several_threads()
    {
        for (var round = 0; round < 200; round++)
        {
            var calls = 0;
            var tensor = new Tensor(ElementType.UInt8, [4], () =>
            {
                Interlocked.Increment(ref calls);
                return [1, 2, 3, 4];
            });
            Parallel.For(0, 8, i => Assert.Equal([1, 2, 3, 4], (i % 3) switch
            {
                0 => tensor.Bytes,
                1 => tensor.Read(),
                _ => tensor.Reshaped(2, 2).Bytes,
            }));
            Assert.InRange(calls, 1, 8);
            Assert.Same(tensor.Bytes, tensor.Bytes);
        }
    }

    [Fact]
    public void A_session_may_be_run_by_several_threads()
    {
        using var model = Load(SmallClassifier.Save(_folder["small.onnx"]));
        using var session = new Session(model.GradientGraph(), Runtime);
        var picture = Picture(model);
        var expected = Enumerable.Range(0, 10).Select(Gradient).ToList();
        Parallel.For(0, 40, i => Assert.Equal(expected[i % 10], Gradient(i % 10)));

        float[] Gradient(int unit)
        {
            var seed = new float[10];
            seed[unit] = 1;
            return session.Run(new Dictionary<string, Tensor> { ["image"] = picture, ["seed"] = Tensor.Of(seed, 1, 10) })["gradient"].ToFloats();
        }
    }

    public void Dispose() => _folder.Dispose();

    private static VisionModel Load(string file) => VisionModel.Load(file, ModelCatalog.Open(Repository.Carried("")));

    private static Tensor Picture(VisionModel model) => model.ToTensor([model.Conventions.Frame(ImageFile.Load(Repository.Carried("images/rocket.jpg")))]);

    private static float[] Maximized(VisionModel model, Value layer)
    {
        var (height, width) = model.FixedSize ?? (32, 32);
        var options = new MaximizeOptions { Height = height, Width = width, Steps = 3 };
        return [.. ActivationMaximization.Run(model, layer, [1], options, Runtime)[0].Picture.Pixels.Select(p => (float)p)];
    }
}

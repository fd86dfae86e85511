using OnnxViz.Imaging;
using OnnxViz.Imaging.Files;
using OnnxViz.Models;
using OnnxViz.Onnx;
using OnnxViz.Tests.Support;
using OnnxViz.Tests.Support.Networks;
using Xunit;

namespace OnnxViz.Tests.Faults;

/// <summary>Each verb that writes, on a small network, in a folder that holds what it takes.</summary>
internal static class WritingVerbs
{
    private static readonly Dictionary<string, string> Commands = new()
    {
        ["saliency"] = "saliency -m net.onnx -i pictures --class 1 --method occlusion --device cpu -o out/ --raw raw.npy",
        ["maximize"] = "maximize -m net.onnx --layer second --unit 0-15 --batch 4 --steps 30 --size 32 --device cpu -o out/ --frames frames --animate animated.png --raw raw.npy",
        ["shard"] = "maximize -m net.onnx --layer second --unit 0-15 --batch 2 --steps 10 --size 32 --device cpu --shard 1/2 -o parts/",
        ["prepare"] = "prepare net.onnx -o prepared --layers all --rules default,guided,deconv",
        ["activations"] = "activations -m net.onnx -i pictures --layer first,second --device cpu -o out/",
        ["kernels"] = "kernels -m net.onnx --layer first_conv -o kernels.png --raw raw.npy",
        ["deconv"] = "deconv -m net.onnx -i pictures --layer second --top 2 --device cpu -o out/",
        ["invert"] = "invert -m net.onnx -i pictures/1.png --layer second --steps 20 --device cpu -o inverted.png --raw raw.npy",
        ["segment"] = "segment -m net.onnx -i pictures --class 1 --device cpu -o out/",
        ["top"] = "top pictures -m net.onnx --layer second --unit 0-3 --steps 4 --device cpu -o top.png --state state.json",
        ["predict"] = "predict -m net.onnx -i pictures --device cpu --raw scores.npy",
        ["train"] = "train --arch small --data data --epochs 2 --batch 8 --device cpu -o run",
    };

    public static IEnumerable<string> Names => Commands.Keys;

    public static string[] Command(string verb) => Commands[verb].Split(' ');

    /// <summary>What the commands take.</summary>
    public static void Fill(TemporaryFolder folder)
    {
        SmallClassifier.Save(folder["net.onnx"], 1, -1, 3, 32, 32);
        var random = new Random(1);
        foreach (var i in Enumerable.Range(1, 4)) folder.Write($"pictures/{i}.png", Noise(random, 40));
        foreach (var part in new[] { "train", "test" })
            foreach (var kind in new[] { "cats", "dogs" })
                foreach (var i in Enumerable.Range(1, 8)) folder.Write($"data/{part}/{kind}/{i}.png", Noise(random, 28));
    }

    /// <summary>Whatever has a name is whole.</summary>
    public static void AllIsWhole(TemporaryFolder folder)
    {
        foreach (var file in Directory.EnumerateFiles(folder.Path, "*", SearchOption.AllDirectories).Where(f => !f.Contains("/.onnxviz-", StringComparison.Ordinal)))
        {
            switch (Path.GetExtension(file))
            {
                case ".png": _ = ImageFile.Load(file); break;
                case ".npy": _ = NpyFile.Load(file); break;
                case ".npz": _ = NpzFile.Load(file); break;
                case ".json": using (System.Text.Json.JsonDocument.Parse(File.ReadAllBytes(file))) { } break;
                case ".onnx": OnnxFile.Load(file).Dispose(); break;
            }
        }

        if (!Directory.Exists(folder["prepared"])) return;
        using var prepared = VisionModel.Open(folder["prepared"]);
        foreach (var gradient in prepared.Prepared!.Index.Gradients) Assert.NotNull(prepared.Prepared.Gradient(gradient.Tensor, gradient.Rule));
    }

    /// <summary>Nothing is left of what never got its name.</summary>
    public static void NothingIsLeft(TemporaryFolder folder) => Assert.Empty(
        new DirectoryInfo(folder.Path).EnumerateFileSystemInfos("*", new EnumerationOptions { RecurseSubdirectories = true, AttributesToSkip = 0 })
            .Where(f => f.Name.StartsWith(".onnxviz-", StringComparison.Ordinal) || f.Name.EndsWith(".tmp", StringComparison.Ordinal) || f.Name.EndsWith(".before", StringComparison.Ordinal))
            .Select(f => f.FullName));

    private static byte[] Noise(Random random, int side)
    {
        var image = new Image(side, side);
        random.NextBytes(image.Pixels);
        return PngWriter.Encode(image);
    }
}

using OnnxViz.Datasets.Records;

namespace OnnxViz.Datasets;

/// <summary>
/// CIFAR-10 and CIFAR-100 in their binary form (Krizhevsky 2009): records of one or two labels, the last of which is the
/// class, and 32x32 red, green and blue bytes.
/// </summary>
internal static class CifarDataset
{
    private const int Side = 32;

    private const int PictureBytes = 3 * Side * Side;

    private static readonly Form[] _forms =
    [
        new("cifar10", "cifar-10-batches-bin", 1, 10, [.. Enumerable.Range(1, 5).Select(i => $"data_batch_{i}.bin")], "test_batch.bin", "batches.meta.txt"),
        new("cifar100", "cifar-100-binary", 2, 100, ["train.bin"], "test.bin", "fine_label_names.txt"),
    ];

    /// <returns>Null where the folder has no such files.</returns>
    /// <exception cref="OnnxVizException">It has, but not all, or damaged.</exception>
    public static Dataset? TryOpen(string folder)
    {
        foreach (var form in _forms)
        {
            foreach (var place in new[] { folder, Path.Combine(folder, form.Folder) })
                if (File.Exists(Path.Combine(place, form.Train[0]))) return Open(place, form);
        }

        return null;
    }

    private static Dataset Open(string folder, Form form)
    {
        var classes = Names(Path.Combine(folder, form.Names), form);
        var train = Split(folder, form, form.Train, "train");
        try
        {
            return new Dataset(form.Name, classes, train, Split(folder, form, [form.Test], "test")) { Augmentation = Augmentation.FlipCrop };
        }
        catch
        {
            train.Dispose();
            throw;
        }
    }

    private static FixedSizePictures Split(string folder, Form form, IReadOnlyList<string> names, string split)
    {
        var parts = new List<IRecords>();
        var labels = new List<byte>();
        try
        {
            foreach (var name in names)
            {
                var (pictures, theirs) = Batch(Path.Combine(folder, name), form);
                parts.Add(pictures);
                labels.AddRange(theirs);
            }

            return new FixedSizePictures(split, PickedRecords.All(parts), [.. labels], 3, new PixelSize(Side, Side));
        }
        catch
        {
            parts.ForEach(p => p.Dispose());
            throw;
        }
    }

    private static (IRecords Pictures, byte[] Labels) Batch(string path, Form form)
    {
        var file = OpenFile.At(path);
        try
        {
            var stride = form.Labels + PictureBytes;
            if (file.Length % stride != 0)
            {
                throw OnnxVizException.Input(
                    $"{path} has {file.Length} bytes; a whole number of records of {stride} bytes ({form.Labels} label and 32x32 red, green, blue) is expected: it is truncated or no such file.");
            }

            var labels = new byte[file.Length / stride];
            for (var i = 0; i < labels.Length; i++)
            {
                file.Read((((long)i * stride) + form.Labels) - 1, labels.AsSpan(i, 1));
                if (labels[i] >= form.Classes)
                    throw OnnxVizException.Input($"{path}: label {labels[i]} of picture {i} is no class; 0 to {form.Classes - 1} are expected.");
            }

            return (new FileRecords(file, form.Labels, labels.Length, stride, PictureBytes), labels);
        }
        catch
        {
            file.Dispose();
            throw;
        }
    }

    private static IReadOnlyList<string> Names(string path, Form form)
    {
        const int largest = 1 << 16;
        if (!File.Exists(path))
            return form.Name == KnownDataset.Cifar10.Name ? KnownDataset.Cifar10.Classes : throw OnnxVizException.Input($"There is no file {path}, which names the classes.");
        using var reader = new StreamReader(new MemoryStream(OpenFile.ReadAll(path, largest)));
        var names = reader.ReadToEnd().Split('\n', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
        return names.Length == form.Classes ? names : throw OnnxVizException.Input($"{path} names {names.Length} classes; {form.Classes} are expected, one a line.");
    }

    /// <param name="Name">Of the data set.</param>
    /// <param name="Folder">That its archive makes.</param>
    /// <param name="Labels">Bytes before each picture.</param>
    /// <param name="Classes">How many.</param>
    /// <param name="Train">Files to train on.</param>
    /// <param name="Test">File to test on.</param>
    /// <param name="Names">File of the classes' names.</param>
    private sealed record Form(string Name, string Folder, int Labels, int Classes, IReadOnlyList<string> Train, string Test, string Names);
}

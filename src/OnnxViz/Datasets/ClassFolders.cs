using OnnxViz.Imaging.Files;

namespace OnnxViz.Datasets;

/// <summary>
/// A folder with a folder of pictures for each class, which is called like it; or with folders "train" and "test" (or
/// "val", "validation") that have these.
/// </summary>
internal static class ClassFolders
{
    private static readonly string[] _trainNames = ["train", "training"];

    private static readonly string[] _testNames = ["test", "val", "valid", "validation"];

    /// <exception cref="OnnxVizException">No folders of pictures; a class without a picture that can be read; test pictures of an unknown class.</exception>
    public static Dataset Open(string folder, DatasetOptions options)
    {
        var train = Below(folder, _trainNames) ?? folder;
        var test = train == folder ? null : Below(folder, _testNames);
        var classes = Folders(train).Select(f => Path.GetFileName(f)).ToArray();
        if (classes.Length < 2)
        {
            throw OnnxVizException.Input(
                $"The folder '{train}' holds {(classes.Length == 0 ? "no folders" : $"one folder only, '{classes[0]}'")}: a folder of pictures for each of two classes or more is expected, "
                + "or IDX files (train-images-idx3-ubyte, plain or .gz), or CIFAR's data_batch_1.bin, or the digits 0.json to 9.json.");
        }

        var skipped = new List<string>();
        var name = Path.GetFileName(Path.TrimEndingDirectorySeparator(Path.GetFullPath(folder)));
        var all = Listed(train, classes, skipped);
        foreach (var empty in Enumerable.Range(0, classes.Length).Except(all.Select(p => p.Label)))
            throw OnnxVizException.Input($"The class '{Path.Combine(train, classes[empty])}' has no picture that can be read{(skipped.Count > 0 ? $": {Reason(skipped[0])}" : $" ({ImageFile.Formats}).")}");
        if (test is null)
        {
            var (forTraining, forTesting) = StratifiedSplit.Of([.. all.Select(p => p.Label)], options);
            return Of([.. forTraining.Select(i => all[i])], [.. forTesting.Select(i => all[i])]);
        }

        if (Folders(test).Select(f => Path.GetFileName(f)).Except(classes).FirstOrDefault() is { } unknown)
            throw OnnxVizException.Input($"'{Path.Combine(test, unknown)}' is a class that '{train}' does not have: it has {string.Join(", ", classes.Take(8))}.");
        return Of(all, Listed(test, classes, skipped));

        Dataset Of(IReadOnlyList<Listing> forTraining, IReadOnlyList<Listing> forTesting)
        {
            if (forTesting.Count == 0) throw OnnxVizException.Input($"'{test ?? folder}' leaves no picture to test on: two pictures of a class are needed at least.");
            var headers = forTraining.Concat(forTesting).Select(p => p.Header).ToList();
            var channels = headers.TrueForAll(h => h.IsGray) ? 1 : 3;
            PixelSize? size = headers.TrueForAll(h => h.Size == headers[0].Size) ? headers[0].Size : null;
            return new Dataset(name, classes, Split(forTraining), Split(forTesting))
            {
                Augmentation = Augmentation.ResizedCrop,
                Skipped = skipped.Count,
                FirstSkipped = skipped.Count > 0 ? Reason(skipped[0]) : null,
            };

            FolderSplit Split(IReadOnlyList<Listing> listed) => new([.. listed.Select(p => p.File)], [.. listed.Select(p => p.Label)], channels, size);
        }
    }

    /// <summary>All pictures whose files' beginnings can be read; several files are looked at at a time.</summary>
    private static List<Listing> Listed(string folder, string[] classes, List<string> skipped)
    {
        var files = new List<(PictureFile File, int Label)>();
        for (var label = 0; label < classes.Length; label++)
        {
            var place = Path.Combine(folder, classes[label]);
            if (!Directory.Exists(place)) continue;
            foreach (var file in PictureFolder.In(place)) files.Add((file with { Name = $"{classes[label]}/{file.Name}" }, label));
        }

        var headers = new ImageHeader?[files.Count];
        Parallel.For(0, files.Count, i => headers[i] = ImageHeader.Read(files[i].File.Path));
        skipped.AddRange(files.Where((_, i) => headers[i] is null).Select(f => f.File.Path));
        return [.. files.Select((f, i) => (f, i)).Where(p => headers[p.i] is not null).Select(p => new Listing(p.f.File, p.f.Label, headers[p.i]!.Value))];
    }

    private static string? Below(string folder, string[] names) => names
        .SelectMany(n => Folders(folder).Where(f => Path.GetFileName(f).Equals(n, StringComparison.OrdinalIgnoreCase)))
        .FirstOrDefault(f => Folders(f).Any());

    private static IEnumerable<string> Folders(string folder)
    {
        try
        {
            return Directory.GetDirectories(folder).Where(f => !Path.GetFileName(f).StartsWith('.')).Order(StringComparer.Ordinal);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw OnnxVizException.Input($"Cannot read the folder '{folder}': {e.Message}", e);
        }
    }

    private static string Reason(string path)
    {
        try
        {
            ImageFile.Load(path);
            return $"Cannot read picture '{path}'.";
        }
        catch (OnnxVizException e)
        {
            return e.Message;
        }
    }

    private sealed record Listing(PictureFile File, int Label, ImageHeader Header);
}

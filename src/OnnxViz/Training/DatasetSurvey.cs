using OnnxViz.Datasets;

namespace OnnxViz.Training;

/// <summary>A look at every picture before training: which can be read, and their colours' mean and deviation.</summary>
/// <param name="Data">Without the pictures that cannot be read.</param>
/// <param name="Conventions">With the mean and the deviation of the training pictures.</param>
internal sealed record DatasetSurvey(Dataset Data, PictureConventions Conventions)
{
    private const int Levels = 256;

    /// <param name="data">Owned by the result from now on.</param>
    /// <param name="conventions">How pictures are brought to size; range, mean and deviation of the result are its own.</param>
    /// <param name="threads">How many pictures are read at a time; 0 for as many as there are processors.</param>
    /// <param name="progress">Told the share that is done.</param>
    /// <param name="token">Ends it between two pictures.</param>
    /// <exception cref="OperationCanceledException">The token ended it.</exception>
    /// <exception cref="OnnxVizException">A class has no picture left.</exception>
    public static DatasetSurvey Measure(Dataset data, PictureConventions conventions, int threads = 0, IProgress<double>? progress = null, CancellationToken token = default)
    {
        var (readable, counts) = Check(data, conventions, measures: true, threads, progress, token);
        var moments = counts!.Select(Moments).ToArray();
        return new(readable, conventions with { Low = 0, High = 1, Mean = [.. moments.Select(m => (float)m.Mean)], Std = [.. moments.Select(m => (float)m.Std)] });
    }

    /// <summary>The data without pictures that cannot be read, for a network whose conventions are known.</summary>
    /// <inheritdoc cref="Measure"/>
    public static DatasetSurvey Check(Dataset data, PictureConventions conventions, int threads = 0, IProgress<double>? progress = null, CancellationToken token = default) =>
        new(Check(data, conventions, measures: false, threads, progress, token).Data, conventions);

    /// <summary>Conventions for a network that is trained on the data from nothing, without mean and deviation.</summary>
    /// <param name="data">The data.</param>
    /// <param name="size">Of what the network sees; null for the pictures' own, or else <paramref name="usual"/>.</param>
    /// <param name="usual">For pictures of different sizes.</param>
    public static PictureConventions ConventionsFor(Dataset data, PixelSize? size, int usual = 64)
    {
        var chosen = size ?? data.Train.Size ?? new PixelSize(usual, usual);
        var conventions = new PictureConventions { Channels = data.Train.Channels, Height = chosen.Height, Width = chosen.Width };
        if (conventions.Channels == 1) conventions = conventions with { Mean = [0], Std = [1] };
        // torchvision's 256 to 224.
        return data.Train.Size is not null ? conventions : conventions with { Fit = PictureFit.ShortSideCrop, ShortSide = (int)Math.Round(Math.Max(chosen.Height, chosen.Width) * 256 / 224.0) };
    }

    private static (Dataset Data, long[][]? Counts) Check(Dataset data, PictureConventions conventions, bool measures, int threads, IProgress<double>? progress, CancellationToken token)
    {
        // Bytes that were counted when they were opened can be read.
        var checks = data.Train is not FixedSizePictures;
        if (!checks && !measures) return (data, null);
        var total = data.Train.Count + (checks ? data.Test.Count : 0);
        var done = 0;
        var counter = new LevelCounter(conventions);
        var train = Look(data.Train, counter);
        var test = checks ? Look(data.Test, null) : [];
        var (skipped, first) = (data.Skipped + train.Count + test.Count, data.FirstSkipped ?? train.Concat(test).Select(s => s.Reason).FirstOrDefault());
        var readable = data with { Train = Without(data.Train, train), Test = Without(data.Test, test), Skipped = skipped, FirstSkipped = first };
        var labels = Enumerable.Range(0, readable.Train.Count).Select(readable.Train.LabelOf).ToHashSet();
        for (var label = 0; label < data.Classes.Count; label++)
        {
            if (checks && !labels.Contains(label))
                throw OnnxVizException.Input($"The class '{data.Classes[label]}' of {data.Name} has no picture that can be read: {first}");
        }

        if (readable.Test.Count == 0) throw OnnxVizException.Input($"{data.Name} has no picture to test on that can be read: {first}");
        return (readable, counter.Counts);

        List<(int Number, string Reason)> Look(LabelledPictures pictures, LevelCounter? levels)
        {
            var rows = new PictureRows(pictures, conventions);
            var broken = new List<(int Number, string Reason)>();
            Parallel.For(
                0, pictures.Count, new ParallelOptions { MaxDegreeOfParallelism = threads > 0 ? threads : -1, CancellationToken = token },
                () => new LevelCounter.Part(pictures.Channels, conventions),
                (i, _, part) =>
                {
                    try
                    {
                        rows.Read(i, null, part.Bytes);
                        part.Count();
                    }
                    catch (OnnxVizException e) when (e.Fault == Fault.Input && checks)
                    {
                        lock (broken) broken.Add((i, e.Message));
                    }

                    var now = Interlocked.Increment(ref done);
                    if (now % 64 == 0) progress?.Report((double)now / total);
                    return part;
                },
                part => levels?.Add(part));
            return [.. broken.OrderBy(b => b.Number)];
        }
    }

    private static LabelledPictures Without(LabelledPictures pictures, List<(int Number, string Reason)> broken) => broken.Count == 0
        ? pictures
        : new PictureSubset(pictures, [.. Enumerable.Range(0, pictures.Count).Except(broken.Select(b => b.Number))]);

    private static (double Mean, double Std) Moments(long[] counts)
    {
        double Sum(Func<double, double> of) => Enumerable.Range(0, Levels).Sum(v => counts[v] * of(v / 255.0));
        var count = Sum(_ => 1);
        var mean = Sum(v => v) / count;
        var std = Math.Sqrt(Sum(v => (v - mean) * (v - mean)) / count);
        // Pictures of one colour have nothing to be divided by.
        return (mean, std > 0 ? std : 1);
    }
}
